package io.lightline.salesforce.pubsub;

import static java.util.Map.entry;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why Salesforce ended a call, and what to do about it. Salesforce says it in the trailers {@code error-code} and
 * {@code rpc-id}; what comes without them is from the network or a proxy. Source: Pub/Sub API guide, «Handle errors».
 *
 * @param errorCode without Salesforce's common prefix, or {@code watchdog}; empty when there is none
 * @param rpcId what Salesforce's support asks for; empty when there is none
 */
public record PubSubFailure(Status.Code status, String message, String errorCode, String rpcId) {

    private static final Metadata.Key<String> ERROR_CODE =
            Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> RPC_ID = Metadata.Key.of("rpc-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final String WATCHDOG = "watchdog";
    private static final String PREFIX = "sfdc.platform.eventbus.grpc.";

    /** What to do after a failure. */
    public enum Reaction {
        /** It will pass: back off, then go on from the checkpoint. */
        RETRY,
        /** The token is no good: get another one, and try it at once the first time. */
        LOG_IN,
        /** Salesforce protects itself: as {@link #RETRY}, but with no pause below the longest. */
        SLOW_DOWN,
        /** The replay id is unknown or too old: what then, {@link LostPosition} says. */
        REPOSITION,
        /** Somebody has to change something in the org: try again now and then. */
        WAIT_FOR_OPERATOR,
        /** The org's daily deliveries are used up: trying soon is useless. */
        WAIT_FOR_QUOTA,
        /** We have asked for something that no client may ask for: trying soon is useless, and somebody has to know. */
        REPORT_BUG
    }

    /** What Salesforce says that is not to be answered by a simple {@link Reaction#RETRY}. */
    static final Map<String, Reaction> REACTIONS = Map.ofEntries(
            entry("service.auth.error", Reaction.LOG_IN),
            entry("service.auth.refresh.invalid", Reaction.LOG_IN),
            entry("service.protection.triggered", Reaction.SLOW_DOWN),
            entry("service.protection.stream.limit.triggered", Reaction.SLOW_DOWN),
            entry("subscription.fetch.replayid.corrupted", Reaction.REPOSITION),
            // «CUSTOM without a replay id», which we never send: then it is one that Salesforce takes for none.
            entry("subscription.fetch.replayid.validation.failed", Reaction.REPOSITION),
            entry("subscription.limit.exceeded", Reaction.WAIT_FOR_QUOTA),
            entry("service.auth.headers.invalid", Reaction.WAIT_FOR_OPERATOR),
            entry("service.tenant.license", Reaction.WAIT_FOR_OPERATOR),
            entry("service.concurrent.client.limit.exceeded", Reaction.WAIT_FOR_OPERATOR),
            entry("concurrent.client.limit.exceeded", Reaction.WAIT_FOR_OPERATOR),
            entry("topic.not.found", Reaction.WAIT_FOR_OPERATOR),
            entry("topic.meta.permission", Reaction.WAIT_FOR_OPERATOR),
            entry("topic.validation.empty", Reaction.WAIT_FOR_OPERATOR),
            entry("schema.meta.permission", Reaction.WAIT_FOR_OPERATOR),
            entry("schema.validation.failed", Reaction.WAIT_FOR_OPERATOR),
            entry("subscription.topic.cannot.subscribe", Reaction.WAIT_FOR_OPERATOR),
            entry("subscription.fetch.overflow", Reaction.REPORT_BUG),
            entry("subscription.fetch.requested.events.invalid", Reaction.REPORT_BUG),
            entry("subscription.fetch.topic.mismatch", Reaction.REPORT_BUG),
            entry("subscription.fetch.request.invalid", Reaction.REPORT_BUG));

    /** The server ended the stream without an error, as it may at any time. */
    public static PubSubFailure completed() {
        return new PubSubFailure(Status.Code.OK, "The server ended the stream", "", "");
    }

    /** Nothing was heard for so long that the call counts as dead. */
    static PubSubFailure silence(Duration watchdog) {
        return new PubSubFailure(Status.Code.CANCELLED, "nothing heard for " + watchdog, WATCHDOG, "");
    }

    public static PubSubFailure of(Throwable error) {
        Status status = Status.fromThrowable(error);
        Metadata trailers = Status.trailersFromThrowable(error);
        return new PubSubFailure(
                status.getCode(),
                text(status),
                trailer(trailers, ERROR_CODE).replace(PREFIX, ""),
                trailer(trailers, RPC_ID));
    }

    public Reaction reaction() {
        return errorCode.isEmpty() ? byStatus() : REACTIONS.getOrDefault(errorCode, Reaction.RETRY);
    }

    /** A short name of what happened, for counting: Salesforce's error code, or the status. */
    String cause() {
        return errorCode.isEmpty() ? status.name().toLowerCase(Locale.ROOT) : errorCode;
    }

    /** What happened, for people. */
    public String reason() {
        return errorCode.isEmpty() || WATCHDOG.equals(errorCode) ? message : errorCode;
    }

    private Reaction byStatus() {
        return switch (status) {
            case UNAUTHENTICATED -> Reaction.LOG_IN;
            case PERMISSION_DENIED, NOT_FOUND, UNIMPLEMENTED, INVALID_ARGUMENT -> Reaction.WAIT_FOR_OPERATOR;
            case RESOURCE_EXHAUSTED -> Reaction.SLOW_DOWN;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS -> Reaction.RETRY;
        };
    }

    /** The description, or for a broken connection what broke it. */
    private static String text(Status status) {
        Throwable cause = status.getCause();
        String description = status.getDescription() == null ? "" : status.getDescription();
        return cause == null ? description : description + " (" + cause.getMessage() + ")";
    }

    private static String trailer(@Nullable Metadata trailers, Metadata.Key<String> key) {
        String value = trailers == null ? null : trailers.get(key);
        return value == null ? "" : value;
    }
}
