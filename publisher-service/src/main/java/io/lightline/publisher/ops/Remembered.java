package io.lightline.publisher.ops;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The last answer to a question that takes its time. Whoever wants it gets it at once, and when it is old, the question is asked again
 * for those who come later. A question that fails is not asked sooner again; its last answer is forgotten. May be used from any thread.
 */
final class Remembered<T> implements Supplier<Optional<T>> {

    private static final Logger LOG = Logger.getLogger(Remembered.class);

    private final Supplier<CompletionStage<T>> question;
    private final long freshNanos;
    private final LongSupplier clock;
    private boolean asked;
    private long askedAt;
    private volatile @Nullable T answer;

    /** @param clock in nanoseconds */
    Remembered(Supplier<CompletionStage<T>> question, Duration fresh, LongSupplier clock) {
        this.question = question;
        this.freshNanos = fresh.toNanos();
        this.clock = clock;
    }

    /** Empty until the first answer, and after a failure. */
    @Override
    public Optional<T> get() {
        if (isOld()) {
            var _ = question.get().whenComplete((fresh, failure) -> {
                answer = fresh;
                if (failure != null) {
                    LOG.debugf("Not answered: cause=%s", failure.getMessage());
                }
            });
        }
        return Optional.ofNullable(answer);
    }

    private synchronized boolean isOld() {
        long now = clock.getAsLong();
        if (asked && now - askedAt < freshNanos) {
            return false;
        }
        asked = true;
        askedAt = now;
        return true;
    }
}
