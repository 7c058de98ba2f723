package io.lightline.relay.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keys of an issuer that change while the pod runs. They are read again from time to time, and when a token needs one that is not
 * among them: one reading at a time, on which all who need it wait, and at most one in {@link #PAUSE}. What cannot be read does not
 * take away what was. Callable from any thread; never blocks.
 */
final class KeySource {

    /** Between two readings, so that forged tokens cause no more than that. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(KeySource.class);

    private final String name;
    private final KeyReader reader;
    private final Duration interval;
    private final InstantSource clock;
    private final TokenMetrics metrics;

    private volatile List<VerificationKey> keys;
    private volatile boolean failing;
    private Instant lastReading = Instant.MIN;
    private @Nullable CompletableFuture<Void> reading;

    /**
     * @param name of the configuration key that says where they are
     * @param keys that are known already
     * @param interval between readings that nobody asks for
     */
    KeySource(
            String name,
            KeyReader reader,
            List<VerificationKey> keys,
            Duration interval,
            InstantSource clock,
            TokenMetrics metrics) {
        this.name = name;
        this.reader = reader;
        this.keys = keys;
        this.interval = interval;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Another list than before when they have changed. */
    List<VerificationKey> keys() {
        return keys;
    }

    /** Whether the last reading failed, so that there may be keys that nobody here has seen. */
    boolean failing() {
        return failing;
    }

    /** To be called every {@link #PAUSE}: reads when it is time to. */
    void tick() {
        if (due()) {
            var _ = refresh();
        }
    }

    private synchronized boolean due() {
        return failing || !clock.instant().isBefore(lastReading.plus(interval));
    }

    /** Completes, never with a failure, when {@link #keys} are as new as they can be had now. */
    CompletionStage<Void> refresh() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        synchronized (this) {
            if (reading != null) {
                return reading;
            }
            if (clock.instant().isBefore(lastReading.plus(PAUSE))) {
                return CompletableFuture.completedStage(null);
            }
            lastReading = clock.instant();
            reading = started;
        }
        var _ = CompletableFuture.completedStage(null)
                .thenCompose(_ -> reader.read())
                .whenComplete((read, failure) -> {
                    if (failure == null) {
                        succeeded(read);
                    } else {
                        failed(failure);
                    }
                    synchronized (this) {
                        reading = null;
                    }
                    started.complete(null);
                });
        return started;
    }

    private void succeeded(List<VerificationKey> read) {
        metrics.keys(true);
        if (failing) {
            LOG.infof("Keys can be read again source=%s", name);
            failing = false;
        }
        if (!read.equals(keys)) {
            LOG.infof("Keys have changed source=%s keys=%d", name, read.size());
            keys = read;
        }
    }

    private void failed(Throwable failure) {
        metrics.keys(false);
        if (!failing) {
            LOG.warnf("Keys cannot be read, the known ones stay valid source=%s: %s", name, failure.getMessage());
            failing = true;
        }
    }
}
