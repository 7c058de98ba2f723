package io.lightline.bench;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What all subscribers of a run have had. For any thread. */
final class Tally {

    private static final int DIGITS = 3;

    private final LongAdder delivered = new LongAdder();
    private final LongAdder disorder = new LongAdder();
    private final Recorder latencies = new Recorder(DIGITS);

    void add(long messages) {
        delivered.add(messages);
    }

    void outOfOrder() {
        disorder.increment();
    }

    void latency(long nanos) {
        latencies.recordValue(Math.max(0, nanos));
    }

    long delivered() {
        return delivered.sum();
    }

    /** Messages that were not the next one of their channel. */
    long disorder() {
        return disorder.sum();
    }

    /** Since the last call, in nanoseconds. */
    Histogram takeLatencies() {
        return latencies.getIntervalHistogram();
    }
}
