package io.lightline.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * One measurement: what clients that behave well had, and what the pod needed meanwhile.
 *
 * @param latencies nanoseconds from when a publication was due until a client had it
 */
record Phase(String name, Duration length, Histogram latencies, Watch.Seen pod) {

    private static final double NANOS_A_MILLI = 1_000_000;

    double milliseconds(double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_A_MILLI;
    }

    double mean() {
        return latencies.getMean() / NANOS_A_MILLI;
    }

    /** Processor time of the pod for each delivery, in microseconds: all that it did, divided. */
    double cpuMicros() {
        return latencies.getTotalCount() == 0 ? 0 : pod.cpu().toNanos() / 1000.0 / latencies.getTotalCount();
    }
}
