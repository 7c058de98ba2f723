package io.lightline.simulator.pubsub;

import io.grpc.Status;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.fault.Strike;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the events of a topic to one client: {@link Opening} until it is told topic and position, then {@link Streaming}, at
 * last {@link Closed}.
 *
 * <p>Pulls from the bus what was asked for, in order, whenever there are events, credits, and room in the connection: so a
 * slow client costs no memory. Answers nothing before there is an event; a quiet stream gets a keepalive with the newest
 * replay id of the bus, and a stream that owes nothing is closed after a while. Between two responses it meets the org's faults.
 *
 * <p>A monitor: called by the connection's thread, by those who publish, and by the timer. Blocks only for itself.
 *
 * @param <R> the kind of response
 */
final class Delivery<R> {

    /** With the last event, of a megabyte at most, still far below what clients accept by default. */
    private static final int MANY_BYTES = 1 << 20;

    private final Org org;
    private final Outlet<R> outlet;
    private final ScheduledExecutorService timer;
    private final Times times;
    private final StreamHistory history;
    private final Consumer<Delivery<R>> onClosed;
    private final Runnable wakeUp = this::drain;
    private final Credits credits = new Credits();
    private State state = new Opening();
    private long quietSince = System.nanoTime();
    private long silentUntil = System.nanoTime();
    private long settledAt = System.nanoTime();
    private boolean broken;
    private @Nullable Future<?> nextCheck;

    Delivery(
            Org org,
            Outlet<R> outlet,
            ScheduledExecutorService timer,
            Times times,
            StreamHistory history,
            Consumer<Delivery<R>> onClosed) {
        this.org = org;
        this.outlet = outlet;
        this.timer = timer;
        this.times = times;
        this.history = history;
        this.onClosed = onClosed;
    }

    /** The clocks of a stream: between keepalives, until one that owes nothing is closed, until LATEST has found its place. */
    record Times(Duration keepalive, Duration idleClose, Duration settle) {
        private Duration shortest() {
            return keepalive.compareTo(idleClose) < 0 ? keepalive : idleClose;
        }
    }

    private sealed interface State {}

    private record Opening() implements State {}

    private record Streaming(Topic topic, ReplayId position, StreamRecord record) implements State {}

    private record Closed() implements State {}

    /** Starts to listen to everything that can wake the stream. */
    synchronized void start() {
        outlet.onReady(wakeUp);
        outlet.onCancel(() -> close("Cancelled by the client"));
        org.outage().addListener(wakeUp);
        org.faults().addListener(wakeUp);
        scheduleCheck();
    }

    /** From now on; what is published before the stream has settled is not for it. */
    synchronized void beginAtLatest(Topic topic) {
        settledAt = System.nanoTime() + times.settle().toNanos();
        begin(topic, org.bus().latest());
        if (times.settle().isPositive()) {
            wakeUpIn(times.settle());
        }
    }

    /** From the event after the position. */
    synchronized void begin(Topic topic, ReplayId position) {
        if (state instanceof Opening) {
            var record = history.open(topic.name(), outlet.wire().client(), position);
            state = new Streaming(topic, position, record);
            org.bus().addListener(topic.sources(), wakeUp);
        }
    }

    /** The topic, once there is one. */
    synchronized Optional<Topic> topic() {
        return state instanceof Streaming streaming ? Optional.of(streaming.topic()) : Optional.empty();
    }

    /** Owes so many more events. */
    synchronized void request(int events) {
        if (credits.pending() == 0) {
            quietSince = System.nanoTime();
        }
        credits.add(events);
        drain();
    }

    /** Sends a response that is not about events. */
    synchronized void answer(R response) {
        if (!(state instanceof Closed) && !org.outage().blackHole()) {
            outlet.send(response);
        }
    }

    synchronized int pending() {
        return credits.pending();
    }

    /** The position up to which the client was served. */
    synchronized Optional<ReplayId> position() {
        return state instanceof Streaming streaming ? Optional.of(streaming.position()) : Optional.empty();
    }

    synchronized boolean closed() {
        return state instanceof Closed;
    }

    /** Whether it ended without a word, so that Salesforce would not know yet. */
    synchronized boolean broken() {
        return broken;
    }

    /** How many events of its topic lie before it. */
    synchronized int behind() {
        return state instanceof Streaming streaming
                ? org.bus().countAfter(streaming.position(), streaming.topic().sources())
                : 0;
    }

    /** Ends the stream from our side: OK, or a status as when a server goes away. */
    synchronized void end(Status status) {
        if (close(status.getCode().name())) {
            outlet.end(status);
        }
    }

    void fail(PubSubError error, Object... arguments) {
        if (!org.outage().blackHole() && close(error.code())) {
            outlet.fail(error.exception(arguments));
        }
    }

    /** What a fault does to the stream. */
    synchronized void meet(Strike strike) {
        switch (strike) {
            case Strike.End(var code) -> end(code.toStatus().withDescription("Ended by a fault"));
            case Strike.Refuse(var code) -> fail(PubSubError.of(code));
            case Strike.Reset _ -> {
                broken = true;
                close("RST_STREAM");
                outlet.wire().reset();
            }
            case Strike.GoAway(var grace) -> outlet.wire().goAway(grace);
            case Strike.Disconnect _ -> {
                broken = true;
                close("Disconnected");
                outlet.wire().disconnect();
            }
            case Strike.Stall(var time) -> {
                silentUntil = System.nanoTime() + time.toNanos();
                wakeUpIn(time);
            }
            case Strike.Freeze(var time) -> outlet.wire().freeze(time);
        }
    }

    /** False when it was closed already. */
    synchronized boolean close(String how) {
        if (state instanceof Closed) {
            return false;
        }
        if (state instanceof Streaming streaming) {
            org.bus().removeListener(streaming.topic().sources(), wakeUp);
            streaming.record().end(Instant.now(), how);
        }
        state = new Closed();
        org.outage().removeListener(wakeUp);
        org.faults().removeListener(wakeUp);
        if (nextCheck != null) {
            nextCheck.cancel(false);
        }
        onClosed.accept(this);
        return true;
    }

    /** Sends what can be sent now. */
    private synchronized void drain() {
        boolean more = true;
        while (more && state instanceof Streaming streaming && canSend()) {
            var strike = org.faults().due(streaming.topic().name());
            if (strike.isPresent()) {
                meet(strike.get());
            } else {
                more = credits.pending() > 0 && sendSome(streaming);
            }
        }
    }

    /** False when there is nothing more to send. */
    private boolean sendSome(Streaming streaming) {
        if (System.nanoTime() < settledAt) {
            moveTo(streaming, org.bus().latest());
            return false;
        }
        var topic = streaming.topic();
        int allocation = org.deliveries().available();
        if (allocation == 0) {
            fail(PubSubError.LIMIT_EXCEEDED);
            return false;
        }
        int limit =
                Math.min(Math.min(credits.pending(), allocation), org.faults().allowance(topic.name()));
        var slice = org.bus().read(streaming.position(), topic.sources(), limit);
        if (slice.isEmpty()) {
            fail(PubSubError.REPLAY_ID_CORRUPTED);
            return false;
        }
        if (slice.get().events().isEmpty()) {
            moveTo(streaming, slice.get().reached());
            return false;
        }
        var batch = batch(slice.get().events());
        var last = batch.getLast().replayId();
        credits.spend(batch.size());
        org.deliveries().use(batch.size());
        moveTo(streaming, last);
        respond(streaming, batch, last);
        return true;
    }

    private void moveTo(Streaming streaming, ReplayId position) {
        state = new Streaming(streaming.topic(), position, streaming.record());
        streaming.record().at(position, credits.pending());
    }

    /** As many of the events as make a response of moderate size, one at least. */
    private static List<BusEvent> batch(List<BusEvent> events) {
        int bytes = 0;
        int count = 0;
        while (count < events.size() && bytes < MANY_BYTES) {
            bytes += events.get(count++).payload().size();
        }
        return events.subList(0, count);
    }

    /** Runs on the timer: a quiet stream gets its keepalive, one that owes nothing its end. */
    private synchronized void check() {
        if (quietFor(times.idleClose()) && credits.pending() == 0 && canSend()) {
            end(Status.OK);
        } else if (quietFor(times.keepalive()) && credits.pending() > 0 && canSend()) {
            drain();
            if (quietFor(times.keepalive()) && state instanceof Streaming streaming) {
                respond(streaming, List.of(), streaming.position());
            }
        }
        scheduleCheck();
    }

    private void scheduleCheck() {
        if (!(state instanceof Closed)) {
            var limit = credits.pending() == 0 ? times.idleClose() : times.keepalive();
            long shortest = times.shortest().toNanos();
            long left = limit.toNanos() - (System.nanoTime() - quietSince);
            // Credits may run out meanwhile, so never later than the shorter of both limits; and not at once while it
            // is stuck.
            long delay = left <= 0 ? shortest : Math.min(left, shortest);
            nextCheck = timer.schedule(this::check, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void wakeUpIn(Duration time) {
        var _ = timer.schedule(wakeUp, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean quietFor(Duration limit) {
        return System.nanoTime() - quietSince >= limit.toNanos();
    }

    private boolean canSend() {
        return outlet.isReady() && !org.outage().blackHole() && System.nanoTime() - silentUntil >= 0;
    }

    private void respond(Streaming streaming, List<BusEvent> events, ReplayId latest) {
        quietSince = System.nanoTime();
        streaming.record().sent(events.size());
        outlet.send(events, latest, credits.pending());
        org.faults().sent(streaming.topic().name(), events.size());
    }
}
