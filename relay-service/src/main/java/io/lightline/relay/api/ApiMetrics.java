package io.lightline.relay.api;

import io.lightline.backplane.BackplaneUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * How often the server API is asked for what, {@code lightline.api.commands} by method and outcome, and how long it takes,
 * {@code lightline.api.duration} by method. Commands of a batch count, and so does the batch. Worth an alert: outcomes
 * {@code unavailable} (the backplane) and {@code failed} (a fault of ours).
 */
@Singleton
final class ApiMetrics {

    private final MeterRegistry registry;

    ApiMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private enum Outcome {
        OK,
        /** The request was wrong, or too much. */
        REFUSED,
        UNAVAILABLE,
        FAILED;

        static Outcome of(Throwable failure) {
            return switch (failure) {
                case ApiException _ -> REFUSED;
                case BackplaneUnavailableException _ -> UNAVAILABLE;
                default -> FAILED;
            };
        }
    }

    <T> Uni<T> measured(ApiMethod method, Supplier<Uni<? extends T>> work) {
        return Uni.createFrom().deferred(() -> {
            long start = System.nanoTime();
            return Uni.createFrom()
                    .<T>deferred(work)
                    .onItem()
                    .invoke(() -> done(method, Outcome.OK, start))
                    .onFailure()
                    .invoke(failure -> done(method, Outcome.of(failure), start));
        });
    }

    private void done(ApiMethod method, Outcome outcome, long start) {
        registry.counter(
                        "lightline.api.commands",
                        "method",
                        method.word(),
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment();
        registry.timer("lightline.api.duration", "method", method.word())
                .record(Duration.ofNanos(System.nanoTime() - start));
    }
}
