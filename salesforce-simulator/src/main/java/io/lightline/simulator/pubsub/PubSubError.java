package io.lightline.simulator.pubsub;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The Pub/Sub API's errors: a gRPC status, and the code that clients find in the trailer {@code error-code}. Beside it
 * stands {@code rpc-id}, which also ends the text.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/guide/handling-errors.html">Handle Errors</a>
 */
public enum PubSubError {
    AUTH_ERROR(
            Status.UNAUTHENTICATED,
            "service.auth.error",
            "An authentication exception occurred. Provide valid authentication via metadata headers."),
    AUTH_HEADERS_INVALID(
            Status.UNAUTHENTICATED,
            "service.auth.headers.invalid",
            "The metadata headers accesstoken, instanceurl (an absolute URL) and tenantid (the org's 18-character ID) are"
                    + " required."),
    SERVICE_UNAVAILABLE(Status.INTERNAL, "service.unavailable", "The service is unavailable. Try again later."),
    TOPIC_NOT_FOUND(
            Status.NOT_FOUND, "topic.not.found", "The topic could not be found. Ensure that the topic name is right."),
    TOPIC_EMPTY(Status.INVALID_ARGUMENT, "topic.validation.empty", "The topic name is required."),
    TOPIC_DENIED(
            Status.PERMISSION_DENIED,
            "topic.meta.permission",
            "The user has no permission to read the topic. Ensure that the user can read the event or object."),
    TOPIC_NOT_SUBSCRIBABLE(
            Status.PERMISSION_DENIED,
            "subscription.topic.cannot.subscribe",
            "The user has no permission to subscribe to the topic."),
    TOPIC_NOT_PUBLISHABLE(
            Status.PERMISSION_DENIED, "topic.meta.permission", "Only Salesforce publishes to this topic."),
    SCHEMA_INVALID(
            Status.INVALID_ARGUMENT,
            "schema.validation.failed",
            "The schema ID is missing or there is no such schema."),
    REPLAY_ID_MISSING(
            Status.INVALID_ARGUMENT,
            "subscription.fetch.replayid.validation.failed",
            "The Replay ID validation failed. Ensure that the Replay ID is set with the replay preset CUSTOM."),
    REPLAY_ID_CORRUPTED(
            Status.INVALID_ARGUMENT,
            "subscription.fetch.replayid.corrupted",
            "The Replay ID validation failed. Ensure that the Replay ID is valid and within the retention window."),
    REQUESTED_EVENTS_INVALID(
            Status.INVALID_ARGUMENT,
            "subscription.fetch.requested.events.invalid",
            "The number of requested events must be greater than zero."),
    LIMIT_EXCEEDED(
            Status.RESOURCE_EXHAUSTED,
            "subscription.limit.exceeded",
            "You have exceeded the event delivery limit for your org."),
    FETCH_TOPIC_MISMATCH(
            Status.INVALID_ARGUMENT,
            "subscription.fetch.topic.mismatch",
            "The topic of a fetch request differs from the first one's."),
    MANAGED_NAME_EMPTY(
            Status.INVALID_ARGUMENT,
            "managed.subscription.id.or.developer.name.empty",
            "The ID or the developer name of a managed subscription is required."),
    MANAGED_ID_INVALID(
            Status.INVALID_ARGUMENT,
            "managed.subscription.subscription.id.invalid",
            "The ID is not one of a managed subscription."),
    MANAGED_ID_NOT_FOUND(
            Status.NOT_FOUND,
            "managed.subscription.subscription.id.not.found",
            "There is no managed subscription with this ID."),
    MANAGED_NAME_NOT_FOUND(
            Status.NOT_FOUND,
            "managed.subscription.developer.name.not.found",
            "There is no managed subscription with this developer name."),
    MANAGED_STOPPED(
            Status.FAILED_PRECONDITION, "managed.subscription.config.stopped", "The managed subscription is stopped."),
    MANAGED_ACTIVE(
            Status.ALREADY_EXISTS,
            "managed.subscription.already.active",
            "An active managed subscription with the same ID already exists. If a previous subscription with the same ID"
                    + " was stopped, there can be a delay before it expires. Try subscribing again later."),
    MANAGED_REQUEST_INVALID(
            Status.INVALID_ARGUMENT,
            "managed.subscription.fetch.request.invalid",
            "A first request asks for events and commits nothing; a later one does one of both for the same subscription."),
    MANAGED_COMMIT_TIMEOUT(
            Status.DEADLINE_EXCEEDED,
            "managed.subscription.commit.timeout",
            "No CommitReplayRequests sent in the last %d seconds. Closing managed subscription."),
    PUBLISH_TOPIC_EMPTY(Status.INVALID_ARGUMENT, "publish.topic.validation.empty", "The topic name is required."),
    PUBLISH_TOPIC_MISMATCH(
            Status.INVALID_ARGUMENT,
            "publish.topic.mismatch",
            "The topic of a publish request differs from the first one's."),
    PUBLISH_COUNT_INVALID(
            Status.INVALID_ARGUMENT, "publish.event.count.invalid", "A publish request needs at least one event."),
    PUBLISH_SWEPT(
            Status.DEADLINE_EXCEEDED,
            "publish.stream.sweeper.timeout",
            "No publish request was received for too long. Closing the stream.");

    private static final String PREFIX = "sfdc.platform.eventbus.grpc.";
    private static final Metadata.Key<String> ERROR_CODE =
            Metadata.Key.of("error-code", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> RPC_ID = Metadata.Key.of("rpc-id", Metadata.ASCII_STRING_MARSHALLER);

    private final Status status;
    private final String code;
    private final String text;

    PubSubError(Status status, String code, String text) {
        this.status = status;
        this.code = code;
        this.text = text;
    }

    /**
     * The error with the code, without its prefix.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static PubSubError of(String code) {
        return Stream.of(values())
                .filter(error -> error.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No error " + code + " of the Pub/Sub API"));
    }

    /** The code without its prefix. */
    public String code() {
        return code;
    }

    /** The error as the end of a call; the arguments are for its text. */
    StatusRuntimeException exception(Object... arguments) {
        var rpcId = UUID.randomUUID().toString();
        var trailers = new Metadata();
        trailers.put(ERROR_CODE, PREFIX + code);
        trailers.put(RPC_ID, rpcId);
        return status.withDescription(text.formatted(arguments) + " rpcId: " + rpcId)
                .asRuntimeException(trailers);
    }

    /** The error as the result of one event. */
    String text() {
        return text;
    }
}
