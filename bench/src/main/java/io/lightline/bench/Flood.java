package io.lightline.bench;

import java.time.Duration;
import java.util.List;

/**
 * Clients that mean no good, one kind after the other, on the pod of many who do. Do those notice, does the pod stay ready and its
 * memory bounded, and is every offender closed with the right code?
 */
final class Flood {

    private static final String NAME = "flood";
    private static final int BYTES = 256;
    private static final long GIGABYTE = 1L << 30;

    /** After 20 seconds the pod was still compiling: a first phase that is slower than the last flatters every ratio to it. */
    private static final Duration WARM_UP = Duration.ofMinutes(2);

    /** Files that pod and bench need for other things. */
    private static final int RESERVE = 1_500;

    private final Settings settings;
    private final Report report = new Report(NAME);

    private Flood(Settings settings) {
        this.settings = settings;
    }

    static Report run(Settings settings) {
        return new Flood(settings).run();
    }

    private Report run() {
        Duration length = Duration.ofSeconds(settings.seconds());
        try (var stage = new Stage(settings, BYTES)) {
            var offenders = new Offenders(stage.offenders(), settings.pod());
            stage.warmUp(WARM_UP);
            Phase before = stage.measure("everybody behaves", length);

            var flooding = offenders.flood(settings.frames());
            Phase flood = stage.measureUntil(settings.frames() + " frames from one", length, flooding::isDone);
            report.add("flooding client closed with {code=times}", Stage.await(flooding));

            var announcing = offenders.announce(GIGABYTE);
            Phase giant = stage.measureUntil("a frame of 1 GB announced", length, announcing::isDone);
            report.add("announcing client closed with", Stage.await(announcing));

            int sockets = possible();
            var silence = offenders.silence(sockets);
            Phase silent = stage.measureUntil(sockets + " silent sockets", length, silence::isDone);
            Offenders.Crowd crowd = Stage.await(silence);
            report.add("silent sockets opened", crowd.opened() + limit(sockets));
            report.add("refused before that (503), and tried again", crowd.refused());
            report.add("silent sockets closed with {code=times}", crowd.codes());

            Phase after = stage.measure("everybody behaves again", length);
            List.of(before, flood, giant, silent, after).forEach(report::add);
            List.of(flood, giant, silent).forEach(phase -> report.addRatio(phase, before));
            List.of(flood, giant, silent).forEach(phase -> report.addRatio(phase, after));
            stage.conclude(report);
            return report;
        }
    }

    /** Both ends of each socket are files, the one of the pod's process, the other of this one. */
    private int possible() {
        return Math.min(settings.silent(), ServerProcess.openFilesLimit() - settings.subscribers() - RESERVE);
    }

    private String limit(int sockets) {
        return sockets == settings.silent()
                ? ""
                : " instead of " + settings.silent() + ": only " + ServerProcess.openFilesLimit()
                        + " files may be open (ulimit -n)";
    }
}
