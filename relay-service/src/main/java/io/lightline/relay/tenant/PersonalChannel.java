package io.lightline.relay.tenant;

import io.lightline.backplane.ChannelName;

/** A channel that a connection is subscribed to from the start, because it is its own or its user's. */
public record PersonalChannel(ChannelName channel, ChannelRules rules) {}
