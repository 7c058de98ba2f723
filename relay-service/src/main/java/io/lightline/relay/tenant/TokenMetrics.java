package io.lightline.relay.tenant;

import io.lightline.relay.tenant.TokenRefusedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How tokens fare, those of connections and of subscriptions: each is accepted, or refused for one reason. Worth an alert: refusals
 * with {@code bad_signature} after a certificate was changed, any with {@code unavailable}, failed readings of keys.
 */
@Singleton
public final class TokenMetrics {

    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);
    private final Counter accepted;
    private final Counter keysRead;
    private final Counter keysNotRead;

    TokenMetrics(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            refused.put(
                    reason,
                    registry.counter(
                            "lightline.tokens.refused", "reason", reason.name().toLowerCase(Locale.ROOT)));
        }
        accepted = registry.counter("lightline.tokens.accepted");
        keysRead = registry.counter("lightline.keys.readings", "outcome", "read");
        keysNotRead = registry.counter("lightline.keys.readings", "outcome", "failed");
    }

    void accepted() {
        accepted.increment();
    }

    void refused(Reason reason) {
        Objects.requireNonNull(refused.get(reason)).increment();
    }

    /** Keys in files and behind addresses were read, or could not be. */
    void keys(boolean read) {
        (read ? keysRead : keysNotRead).increment();
    }
}
