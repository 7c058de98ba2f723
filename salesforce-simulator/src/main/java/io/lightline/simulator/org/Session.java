package io.lightline.simulator.org;

/** What an access token stands for. */
public record Session(Org org, User user) {}
