package io.lightline.relay.protocol;

/**
 * A command and the id under which the client wants the reply.
 *
 * @param id 0 when the client wants none
 */
public record Request(long id, Command command) {}
