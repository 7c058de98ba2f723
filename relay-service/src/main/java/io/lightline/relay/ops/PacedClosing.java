package io.lightline.relay.ops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Closes connections one by one, evenly over a time, in random order: so their clients come back to the other pods one by one,
 * and not all clients of one proxy or one page at once. Blocks its caller meanwhile.
 */
final class PacedClosing {

    /** How often to look whether there is anything left to wait for. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Duration maxPause;
    private final Ticker ticker;
    private final Random random;

    /** @param maxPause between two closes, when there is time for more */
    PacedClosing(Duration maxPause, Ticker ticker, Random random) {
        this.maxPause = maxPause;
        this.ticker = ticker;
        this.random = random;
    }

    /**
     * Closes all, and those that come meanwhile, until none is left; what is left at the end of the window is closed at once.
     *
     * @param open those that there are at the moment
     * @param empty whether all are gone
     */
    <C> void all(Duration window, Supplier<Stream<C>> open, Consumer<C> close, BooleanSupplier empty)
            throws InterruptedException {
        long end = ticker.nanos() + window.toNanos();
        Set<C> told = new HashSet<>();
        while (!empty.getAsBoolean() && ticker.nanos() < end) {
            List<C> next = untold(open, told);
            some(next, Duration.ofNanos(end - ticker.nanos()), close, empty);
            told.addAll(next);
            await(empty, LOOK);
        }
        untold(open, told).forEach(close);
    }

    private static <C> List<C> untold(Supplier<Stream<C>> open, Set<C> told) {
        return open.get().filter(connection -> !told.contains(connection)).toList();
    }

    /** Closes those given within the window, or fewer when that is enough. */
    <C> void some(Collection<C> connections, Duration window, Consumer<C> close, BooleanSupplier enough)
            throws InterruptedException {
        var order = new ArrayList<>(connections);
        Collections.shuffle(order, random);
        long pause = pause(window, order.size()).toNanos();
        long due = ticker.nanos();
        for (C connection : order) {
            if (awaitUntil(due, enough)) {
                return;
            }
            close.accept(connection);
            due += pause;
        }
    }

    private Duration pause(Duration window, int count) {
        Duration even = window.dividedBy(Math.max(1, count));
        return even.compareTo(maxPause) < 0 ? even : maxPause;
    }

    /** Waits for a condition, no longer than {@code limit}; answers whether it came true. */
    boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        return awaitUntil(ticker.nanos() + limit.toNanos(), condition);
    }

    private boolean awaitUntil(long time, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            long left = time - ticker.nanos();
            if (left <= 0) {
                return false;
            }
            ticker.sleep(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        }
        return true;
    }
}
