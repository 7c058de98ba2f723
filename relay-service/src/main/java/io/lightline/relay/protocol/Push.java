package io.lightline.relay.protocol;

import io.lightline.backplane.Publication;

/** What the server says unasked about a channel. */
public sealed interface Push {

    String channel();

    record Published(String channel, Publication publication) implements Push {}

    record Unsubscribed(String channel, UnsubscribeCode code) implements Push {}
}
