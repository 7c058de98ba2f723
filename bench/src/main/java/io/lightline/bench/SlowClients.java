package io.lightline.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Recorder;

/**
 * Some of many subscribers stop reading, and go on to say that they are alive. Do the others notice? Are the slow ones closed, does their memory stay bounded, and do
 * they recover when they come back?
 *
 * <p>On the loopback device Linux itself takes some 2.5 MB for a socket that is not read, before the relay has anything to hold: hence
 * the size of the publications.
 */
final class SlowClients {

    private static final String NAME = "slow-clients";
    private static final int BYTES = 6_000;
    private static final int NARROW = 4_096;
    private static final int SLOW = 3008;
    private static final int DIGITS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration PONG_EVERY = Duration.ofSeconds(5);
    private static final String PONG = "{}";

    private final Settings settings;
    private final Report report = new Report(NAME);

    private SlowClients(Settings settings) {
        this.settings = settings;
    }

    static Report run(Settings settings) {
        return new SlowClients(settings).run();
    }

    private Report run() {
        Duration length = Duration.ofSeconds(settings.seconds());
        try (var stage = new Stage(settings, BYTES)) {
            stage.warmUp(WARM_UP);
            Phase before = stage.measure("all read", length);
            long closesBefore = closes();
            List<Subscriber.Joined> slow = join(stage);
            slow.forEach(SlowClients::stopReading);
            Phase during = stage.measureUntil(
                    settings.slow() + " do not read", length, () -> closes() - closesBefore >= settings.slow());
            report.add("closed with 3008", closes() - closesBefore);
            comeBack(slow);
            stage.warmUp(Duration.ofSeconds(2));
            Phase after = stage.measure("all read again", length);
            List.of(before, during, after).forEach(report::add);
            report.addRatio(during, before);
            report.addRatio(during, after);
            stage.conclude(report);
            return report;
        }
    }

    /** A client that did not answer pings either would be closed for that, with 3012. */
    private static void stopReading(Subscriber.Joined one) {
        one.connection().reading(false);
        var _ = one.connection()
                .channel()
                .eventLoop()
                .scheduleAtFixedRate(
                        () -> one.connection().send(PONG),
                        PONG_EVERY.toSeconds(),
                        PONG_EVERY.toSeconds(),
                        TimeUnit.SECONDS);
    }

    private long closes() {
        return settings.pod().metrics().closes(SLOW);
    }

    private List<Subscriber.Joined> join(Stage stage) {
        var ignored = new Recorder(DIGITS);
        var narrow = new Connection.Options(Connection.Options.DEFAULT.source(), NARROW);
        return Stream.generate(
                        () -> Subscriber.join(stage.offenders(), settings.pod(), stage.channel(), narrow, ignored)
                                .join())
                .limit(settings.slow())
                .toList();
    }

    /** They read what the system had taken for them, see the end of the socket, and reconnect. */
    private void comeBack(List<Subscriber.Joined> slow) {
        slow.forEach(one -> one.connection().reading(true));
        slow.forEach(one -> one.connection().closed().join());
        List<Subscriber.Recovery> back = slow.stream()
                .map(one -> one.subscriber().recover())
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        report.add(
                "came back and recovered",
                back.stream().filter(Subscriber.Recovery::recovered).count() + " of " + back.size());
        report.add(
                "their publications out of order, missing or repeated",
                back.stream().mapToLong(one -> one.subscriber().disorder()).sum());
        back.forEach(one -> one.connection().close());
    }
}
