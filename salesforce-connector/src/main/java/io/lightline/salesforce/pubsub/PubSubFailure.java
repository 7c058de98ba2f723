package io.lightline.salesforce.pubsub;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why Salesforce ended a call, and what to do about it. Salesforce says it in the trailers {@code error-code} and
 * {@code rpc-id}; what comes without them is from the network or a proxy. Source: Pub/Sub API guide, «Handle errors».
 *
 * @param errorCode without Salesforce's common prefix; empty when there is none
 * @param rpcId what Salesforce's support asks for; empty when there is none
 */
record PubSubFailure(Status.Code status, String message, String errorCode, String rpcId) {

    private static final Metadata.Key<String> ERROR_CODE =
            Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> RPC_ID = Metadata.Key.of("rpc-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final String PREFIX = "sfdc.platform.eventbus.grpc.";

    private static final Set<String> LOGIN = Set.of("service.auth.error", "service.auth.refresh.invalid");
    private static final Set<String> POSITION =
            Set.of("subscription.fetch.replayid.corrupted", "subscription.fetch.replayid.validation.failed");
    private static final Set<String> QUOTA = Set.of("subscription.limit.exceeded");
    private static final Set<String> OPERATOR = Set.of(
            "service.auth.headers.invalid",
            "service.tenant.license",
            "service.concurrent.client.limit.exceeded",
            "concurrent.client.limit.exceeded",
            "topic.not.found",
            "topic.meta.permission",
            "topic.validation.empty",
            "schema.meta.permission",
            "schema.validation.failed",
            "subscription.topic.cannot.subscribe");

    /** What to do after a failure. */
    enum Reaction {
        /** It will pass: back off, then go on from the checkpoint. */
        RETRY,
        /** The token is no good: get another one. */
        LOG_IN,
        /** The replay id is unknown or too old: go on with the latest events, and say that there is a gap. */
        REPOSITION,
        /** Somebody has to change something in the org: try again now and then. */
        WAIT_FOR_OPERATOR,
        /** The org's daily deliveries are used up: trying soon is useless. */
        WAIT_FOR_QUOTA
    }

    /** The server ended the stream without an error, as it may at any time. */
    static PubSubFailure completed() {
        return new PubSubFailure(Status.Code.OK, "The server ended the stream", "", "");
    }

    /** We gave the stream up ourselves. */
    static PubSubFailure ours(String message) {
        return new PubSubFailure(Status.Code.CANCELLED, message, "", "");
    }

    static PubSubFailure of(Throwable error) {
        Status status = Status.fromThrowable(error);
        Metadata trailers = Status.trailersFromThrowable(error);
        return new PubSubFailure(
                status.getCode(),
                text(status),
                trailer(trailers, ERROR_CODE).replace(PREFIX, ""),
                trailer(trailers, RPC_ID));
    }

    Reaction reaction() {
        if (errorCode.isEmpty()) {
            return byStatus();
        }
        if (LOGIN.contains(errorCode)) {
            return Reaction.LOG_IN;
        }
        if (POSITION.contains(errorCode)) {
            return Reaction.REPOSITION;
        }
        if (QUOTA.contains(errorCode)) {
            return Reaction.WAIT_FOR_QUOTA;
        }
        return OPERATOR.contains(errorCode) ? Reaction.WAIT_FOR_OPERATOR : Reaction.RETRY;
    }

    private Reaction byStatus() {
        return switch (status) {
            case UNAUTHENTICATED -> Reaction.LOG_IN;
            case PERMISSION_DENIED, NOT_FOUND, UNIMPLEMENTED, INVALID_ARGUMENT -> Reaction.WAIT_FOR_OPERATOR;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    ALREADY_EXISTS,
                    RESOURCE_EXHAUSTED,
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
