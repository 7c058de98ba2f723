package io.lightline.simulator.control;

import io.grpc.Status;
import io.lightline.simulator.fault.Call;
import io.lightline.simulator.fault.Strike;
import io.lightline.simulator.fault.Trigger;
import io.lightline.simulator.fault.Trigger.Calls;
import io.lightline.simulator.fault.Trigger.Events;
import io.lightline.simulator.fault.Trigger.Responses;
import io.lightline.simulator.pubsub.PubSubError;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault as the control API takes it. Only {@code fault} is required: without the others it strikes at once, any topic's open
 * stream, a single time.
 */
record FaultOrder(
        @Nullable String fault,
        @Nullable String topic,
        @Nullable String call,
        @Nullable Integer afterEvents,
        @Nullable Integer afterResponses,
        @Nullable Integer afterCalls,
        @Nullable Integer spread,
        @Nullable Long seed,
        @Nullable Integer times,
        @Nullable String status,
        @Nullable String code,
        @Nullable Long millis) {

    /** Longer than any test. */
    private static final Duration FOREVER = Duration.ofDays(1);

    /** @throws IllegalArgumentException for what is no fault */
    Strike strike() {
        return switch (Objects.requireNonNullElse(fault, "")) {
            case "end" -> new Strike.End(Status.Code.valueOf(Objects.requireNonNullElse(status, "OK")));
            case "error" ->
                new Strike.Refuse(
                        PubSubError.of(Objects.requireNonNullElse(code, "")).code());
            case "reset" -> new Strike.Reset();
            case "goaway" -> new Strike.GoAway(time(0));
            case "disconnect" -> new Strike.Disconnect();
            case "stall" -> new Strike.Stall(time(Long.MAX_VALUE));
            case "freeze" -> new Strike.Freeze(time(Long.MAX_VALUE));
            default ->
                throw new IllegalArgumentException(
                        "No fault " + fault + ": end, error, reset, goaway, disconnect, stall and freeze are");
        };
    }

    /** @throws IllegalArgumentException for what is no moment */
    Trigger trigger() {
        return new Trigger(
                point(),
                Optional.ofNullable(topic),
                first(afterEvents, afterResponses, afterCalls),
                first(spread),
                Objects.requireNonNullElse(seed, 0L),
                Objects.requireNonNullElse(times, 1));
    }

    private Trigger.Point point() {
        if (call != null) {
            return new Calls(called(call));
        }
        return afterResponses != null ? new Responses() : new Events();
    }

    private static Call called(String method) {
        return Arrays.stream(Call.values())
                .filter(call -> call.method().equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No call " + method));
    }

    private static int first(@Nullable Integer... values) {
        return Arrays.stream(values)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .findFirst()
                .orElse(0);
    }

    private Duration time(long otherwise) {
        return Duration.ofMillis(Math.min(Objects.requireNonNullElse(millis, otherwise), FOREVER.toMillis()));
    }
}
