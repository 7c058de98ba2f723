package io.lightline.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one server: each figure is the median of its rounds.
 *
 * @param servingMicros processor time for a delivery of the process that serves the subscribers
 * @param allMicros of all processes of the server, Redis included where it has one
 * @param disorder messages out of order, repeated or missing, and connections lost, in all rounds together
 */
record FanoutSummary(
        String server,
        int rounds,
        double perSecond,
        double servingMicros,
        double allMicros,
        double p50Millis,
        double p99Millis,
        double residentMebibytes,
        long disorder) {

    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double MEBI = 1 << 20;

    static FanoutSummary of(String server, List<FanoutRound.Result> rounds) {
        return new FanoutSummary(
                server,
                rounds.size(),
                median(rounds, FanoutRound.Result::perSecond),
                median(rounds, FanoutRound.Result::servingMicros),
                median(rounds, FanoutRound.Result::allMicros),
                median(rounds, round -> round.milliseconds(P50)),
                median(rounds, round -> round.milliseconds(P99)),
                median(rounds, round -> round.residentBytes() / MEBI),
                rounds.stream()
                        .mapToLong(round -> round.disorder() + Math.max(0, round.missing()))
                        .sum());
    }

    private static double median(List<FanoutRound.Result> rounds, ToDoubleFunction<FanoutRound.Result> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
