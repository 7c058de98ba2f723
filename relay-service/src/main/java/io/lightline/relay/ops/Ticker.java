package io.lightline.relay.ops;

import java.time.Duration;

/** Time that passes. A test has its own. */
interface Ticker {

    /** As {@link System#nanoTime}. */
    long nanos();

    /** Blocks. */
    void sleep(Duration time) throws InterruptedException;

    /** The real one. */
    static Ticker system() {
        return new Ticker() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration time) throws InterruptedException {
                Thread.sleep(time);
            }
        };
    }
}
