package io.lightline.simulator.fault;

import io.grpc.Status;
import java.time.Duration;

/** What a fault does to the stream or the call that it meets. */
public sealed interface Strike {

    /** The call ends with a gRPC status and without a word of Salesforce: OK, or as when something between breaks. */
    record End(Status.Code status) implements Strike {}

    /** The call ends with an error of the Pub/Sub API, with its text and trailers. */
    record Refuse(String code) implements Strike {}

    /** The HTTP/2 stream is reset: {@code RST_STREAM} with {@code NO_ERROR}, as Salesforce's load balancers do. */
    record Reset() implements Strike {}

    /** {@code GOAWAY}: the connection takes no further calls, and is closed after the time with all that it still carries. */
    record GoAway(Duration grace) implements Strike {}

    /** The TCP connection is closed without a word, and all calls on it. */
    record Disconnect() implements Strike {}

    /** The stream says nothing for a time, not even keepalives; then it goes on where it was. Nothing else notices. */
    record Stall(Duration time) implements Strike {}

    /** The TCP connection is no longer read for a time: a half-open connection, on which pings have no answer either. */
    record Freeze(Duration time) implements Strike {}
}
