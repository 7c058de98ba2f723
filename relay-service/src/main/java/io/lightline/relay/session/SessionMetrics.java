package io.lightline.relay.session;

import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What sessions say no to, and how recoveries end. Worth an alert: a rise of closes with code 3008 (slow clients) or 3012 (dead
 * ones), errors with code 100 (backplane), recoveries that did not recover.
 */
@Singleton
public final class SessionMetrics {

    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
    private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);
    private final Counter commands;
    private final Counter recovered;
    private final Counter notRecovered;

    SessionMetrics(MeterRegistry registry) {
        for (CloseCode code : CloseCode.values()) {
            closes.put(code, registry.counter("lightline.closes", "code", "" + code.code()));
        }
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code, registry.counter("lightline.errors", "code", "" + code.code()));
        }
        commands = registry.counter("lightline.commands");
        recovered = registry.counter("lightline.recoveries", "recovered", "true");
        notRecovered = registry.counter("lightline.recoveries", "recovered", "false");
    }

    void command() {
        commands.increment();
    }

    void closed(CloseCode code) {
        Objects.requireNonNull(closes.get(code)).increment();
    }

    void refused(ErrorCode code) {
        Objects.requireNonNull(errors.get(code)).increment();
    }

    void recovery(boolean complete) {
        (complete ? recovered : notRecovered).increment();
    }
}
