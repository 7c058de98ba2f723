package io.lightline.relay.admission;

import io.lightline.relay.admission.Verdict.Admitted;
import io.lightline.relay.admission.Verdict.Reason;
import io.lightline.relay.admission.Verdict.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts sockets from the moment that one is asked for, and says no when there are too many. Any thread; never blocks.
 * Metric: {@code lightline.upgrades{result}}, once for each request for a socket; worth an alert: {@code result=connections}
 * (more pods are needed). Gauge: {@code lightline.connections.limit}, how many may be open at once, 0 for no limit.
 */
@Singleton
public final class Admission {

    private final AdmissionConfig config;
    private final LongSupplier nanos;
    private final @Nullable TokenBucket rate;
    private final AtomicInteger sockets = new AtomicInteger();
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();
    private final Counter accepted;
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);
    private volatile boolean draining;

    @Inject
    Admission(AdmissionConfig config, MeterRegistry registry) {
        this(config, registry, System::nanoTime);
    }

    Admission(AdmissionConfig config, MeterRegistry registry, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        requireNotNegative("max-connections", config.maxConnections());
        requireNotNegative("max-address-connections", config.maxAddressConnections());
        requireNotNegative("upgrade-rate", config.upgradeRate());
        rate = config.upgradeRate() == 0 ? null : bucket(config, nanos.getAsLong());
        registry.gauge("lightline.connections.limit", config, AdmissionConfig::maxConnections);
        accepted = registry.counter("lightline.upgrades", "result", "accepted");
        for (Reason reason : Reason.values()) {
            String result = reason.name().toLowerCase(Locale.ROOT);
            refused.put(reason, registry.counter("lightline.upgrades", "result", result));
        }
    }

    private static void requireNotNegative(String key, int value) {
        if (value < 0) {
            throw new ConfigurationException("lightline.limits." + key + " is " + value + "; 0 sets no limit");
        }
    }

    private static TokenBucket bucket(AdmissionConfig config, long now) {
        if (config.upgradeBurst() < 1) {
            throw new ConfigurationException(
                    "lightline.limits.upgrade-burst is " + config.upgradeBurst() + ", which lets nobody in");
        }
        return new TokenBucket(config.upgradeRate(), config.upgradeBurst(), now);
    }

    /**
     * A client wants to open a socket.
     *
     * @param address where it comes from, if that is known
     */
    public Verdict ask(Optional<String> address) {
        // Counted first and refused afterwards: so a pod that drains either sees this socket or refuses it.
        int count = sockets.incrementAndGet();
        if (draining) {
            return refuse(Reason.DRAINING);
        }
        if (exceeds(count, config.maxConnections())) {
            return refuse(Reason.CONNECTIONS);
        }
        if (!enters(address)) {
            return refuse(Reason.ADDRESS);
        }
        if (rate != null && !rate.take(nanos.getAsLong())) {
            leaves(address);
            return refuse(Reason.RATE);
        }
        accepted.increment();
        return new Admitted(new Slot(() -> {
            leaves(address);
            sockets.decrementAndGet();
        }));
    }

    private Verdict refuse(Reason reason) {
        sockets.decrementAndGet();
        return turnAway(reason);
    }

    /** For a reason that is not a matter of numbers. */
    public Verdict turnAway(Reason reason) {
        Objects.requireNonNull(refused.get(reason)).increment();
        return new Refused(reason);
    }

    private static boolean exceeds(int count, int limit) {
        return limit > 0 && count > limit;
    }

    private boolean enters(Optional<String> address) {
        if (config.maxAddressConnections() == 0 || address.isEmpty()) {
            return true;
        }
        int count = addresses.merge(address.get(), 1, Integer::sum);
        if (exceeds(count, config.maxAddressConnections())) {
            leaves(address);
            return false;
        }
        return true;
    }

    private void leaves(Optional<String> address) {
        address.ifPresent(known ->
                addresses.computeIfPresent(known, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1)));
    }

    /** From now on nobody is let in. */
    public void drain() {
        draining = true;
    }

    /** Whether nobody is let in any more. */
    public boolean draining() {
        return draining;
    }

    /** Sockets that are open or about to open, down to the last byte of their goodbye. */
    public int sockets() {
        return sockets.get();
    }
}
