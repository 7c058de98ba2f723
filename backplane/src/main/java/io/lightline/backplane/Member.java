package io.lightline.backplane;

/**
 * What others see of somebody on a channel. Two are the same somebody when their {@code client} is the same.
 *
 * @param client id of the connection, unique among all pods
 * @param user whose connection it is; empty for an anonymous one. Several clients may belong to one user.
 * @param pod name of the pod that holds the connection
 * @param info JSON object {@code {"user", "client", "conn_info", "chan_info"}} as clients get it
 */
public record Member(String client, String user, String pod, RawJson info) {}
