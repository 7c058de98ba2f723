package io.lightline.relay.session;

import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply.Recovery;
import io.lightline.relay.protocol.UnsubscribeCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What sessions say no to, and how recoveries end. Worth an alert: a rise of closes with code 3008 (slow clients) or 3012 (dead
 * ones), errors with code 100 (backplane), recoveries that did not recover.
 */
@Singleton
public final class SessionMetrics {

    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
    private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);
    private final Map<UnsubscribeCode, Counter> unsubscribes = new EnumMap<>(UnsubscribeCode.class);
    private final Map<String, Counter> commands = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final Counter connected;
    private final Counter frames;
    private final Counter frameChars;
    private final Timer roundTrip;
    private final Timer waits;
    private final Counter recoveredPublications;
    private final Counter recovered;
    private final Counter notRecovered;

    SessionMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (CloseCode code : CloseCode.values()) {
            closes.put(code, registry.counter("lightline.closes", "code", "" + code.code()));
        }
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code, registry.counter("lightline.errors", "code", "" + code.code()));
        }
        for (UnsubscribeCode code : UnsubscribeCode.values()) {
            unsubscribes.put(code, registry.counter("lightline.unsubscribes", "code", "" + code.code()));
        }
        connected = registry.counter("lightline.connects");
        frames = registry.counter("lightline.frames.received");
        frameChars = registry.counter("lightline.frames.received.characters");
        waits = registry.timer("lightline.commands.wait");
        recoveredPublications = registry.counter("lightline.recoveries.publications");
        roundTrip = registry.timer("lightline.ping.roundtrip");
        recovered = registry.counter("lightline.recoveries", "recovered", "true");
        notRecovered = registry.counter("lightline.recoveries", "recovered", "false");
    }

    /** @param length in characters of text, or bytes */
    void frame(int length) {
        frames.increment();
        frameChars.increment(length);
    }

    /** @param method of a known set, or the metric would grow with what clients invent */
    void command(String method) {
        commands.computeIfAbsent(method, one -> registry.counter("lightline.commands", "method", one))
                .increment();
    }

    /** A client has said who it is, and may stay. */
    void connected() {
        connected.increment();
    }

    void unsubscribed(UnsubscribeCode code) {
        Objects.requireNonNull(unsubscribes.get(code)).increment();
    }

    /** From a ping to the first sign of life after it. */
    void answered(Duration roundTripTime) {
        roundTrip.record(roundTripTime);
    }

    void closed(CloseCode code) {
        Objects.requireNonNull(closes.get(code)).increment();
    }

    void refused(ErrorCode code) {
        Objects.requireNonNull(errors.get(code)).increment();
    }

    /** How long a command waited for the backplane, or for keys. */
    void waited(Duration time) {
        waits.record(time);
    }

    void recovery(Recovery recovery, int publications) {
        recoveredPublications.increment(publications);
        switch (recovery) {
            case COMPLETE -> recovered.increment();
            case IMPOSSIBLE -> notRecovered.increment();
        }
    }
}
