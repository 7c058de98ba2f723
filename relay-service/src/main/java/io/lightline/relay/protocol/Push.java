package io.lightline.relay.protocol;

import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import java.time.Duration;

/** What the server says unasked. */
public sealed interface Push {

    record Published(String channel, Publication publication) implements Push {}

    /** @param info what others see of the client */
    record Joined(String channel, RawJson info) implements Push {}

    /** @param info what others saw of the client */
    record Left(String channel, RawJson info) implements Push {}

    /** The server has subscribed the client. Publications that come with it follow it: SDKs look for none in here. */
    record Subscribed(String channel, Reply.Subscribed subscription) implements Push {}

    record Unsubscribed(String channel, UnsubscribeCode code) implements Push {}

    /** The server has moved the end of the connection; the client refreshes its token before. */
    record Refreshed(Duration ttl) implements Push {}
}
