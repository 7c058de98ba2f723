package io.lightline.salesforce.pubsub;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SalesforceStream} is doing. Each state begins and ends its own work and chooses the next one. Everything in it
 * happens on the connector's thread, but for {@link #describe}, {@link #ready} and {@link #halted}.
 */
abstract sealed class State
        permits Unsubscribed, Resuming, LoggingIn, Starved, Streaming, BackingOff, Halted, Stopping, Closed {

    private static final Logger LOG = Logger.getLogger(SalesforceStream.class);

    final SalesforceStream stream;

    State(SalesforceStream stream) {
        this.stream = stream;
    }

    /** For people. */
    abstract String describe();

    /** Whether events arrive, or would if the consumer asked for them. */
    boolean ready() {
        return false;
    }

    /** Whether it takes an operator to go on. */
    boolean halted() {
        return false;
    }

    void enter() {}

    void leave() {}

    /** The subscriber has asked for more. */
    void demanded() {}

    /** The subscriber has acknowledged or refused something. */
    void answered() {}

    /** The subscriber has refused something; {@link #answered} follows, to the state that is the current one then. */
    void refused(Throwable cause) {}

    /** False for a late callback of a state that has ended. */
    final boolean current() {
        return stream.state() == this;
    }

    /** Hears of the outcome, unless the stream has moved on meanwhile. */
    final <T> void whenDone(CompletionStage<T> work, BiConsumer<@Nullable T, @Nullable Throwable> outcome) {
        var _ = work.whenCompleteAsync(
                (result, failure) -> {
                    if (current()) {
                        outcome.accept(result, failure == null ? null : SchemaCache.cause(failure));
                    }
                },
                stream::onThread);
    }

    final void backOff(Duration pause, String reason) {
        LOG.warnf("Stream pauses: topic=%s pauseMillis=%d reason=%s", stream.topic(), pause.toMillis(), reason);
        stream.become(new BackingOff(stream, pause, reason));
    }
}
