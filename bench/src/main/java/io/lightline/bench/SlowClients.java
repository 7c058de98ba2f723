package io.lightline.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Recorder;

/**
 * Some of many clients stop reading, and go on to say that they are alive. Do the others notice? Are the slow ones closed, does
 * their memory stay bounded, and do they recover when they come back?
 *
 * <p>They are on the channel of all others, and on one of their own with large messages: on the loopback device Linux itself takes
 * some 3 MB for a socket that is not read, before the relay has anything to hold.
 */
final class SlowClients {

    private static final String NAME = "slow-clients";
    private static final int BYTES = 256;
    private static final int LARGE = 16_000;
    private static final int NARROW = 4_096;
    private static final int SLOW = 3008;
    private static final int DIGITS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration LEAST = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
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
            String large = stage.channel() + "-large";
            List<Subscriber.Joined> slow = join(stage, large);
            try (var _ = stage.publish(large, LARGE)) {
                stage.warmUp(WARM_UP);
                Phase before = stage.measure("all read", length);
                long closesBefore = closes();
                slow.forEach(SlowClients::stopReading);
                Phase during = stage.measureUntil(
                        settings.slow() + " do not read", LEAST, () -> closes() - closesBefore >= settings.slow());
                report.add("closed with 3008", closes() - closesBefore);
                comeBack(slow);
                stage.warmUp(SETTLE);
                Phase after = stage.measure("all read again", length);
                List.of(before, during, after).forEach(report::add);
                report.addRatio(during, before);
                report.addRatio(during, after);
            }
            stage.conclude(report);
            return report;
        }
    }

    private long closes() {
        return settings.pod().metrics().closes(SLOW);
    }

    private List<Subscriber.Joined> join(Stage stage, String large) {
        var ignored = new Recorder(DIGITS);
        var narrow = new WebSocketClient.Options(WebSocketClient.Options.DEFAULT.source(), NARROW);
        return Stream.generate(
                        () -> Stage.await(Subscriber.join(stage.offenders(), settings.pod(), large, narrow, ignored)
                                .thenApply(joined -> joined.alsoOn(stage.channel()))))
                .limit(settings.slow())
                .toList();
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

    /** They read what the system had taken for them, see the end of the socket, and reconnect. */
    private void comeBack(List<Subscriber.Joined> slow) {
        slow.forEach(one -> one.connection().reading(true));
        Stage.pass(PATIENCE, () -> slow.stream().allMatch(SlowClients::isClosed));
        List<Subscriber.Recovery> back = slow.stream()
                .filter(SlowClients::isClosed)
                .map(one -> one.subscriber().recover().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        report.add(
                "came back and recovered",
                back.stream().filter(Subscriber.Recovery::recovered).count() + " of " + slow.size());
        report.add(
                "their publications out of order, missing or repeated",
                back.stream().mapToLong(one -> one.subscriber().disorder()).sum());
        slow.forEach(one -> one.connection().close());
    }

    private static boolean isClosed(Subscriber.Joined one) {
        return one.connection().closed().isDone();
    }
}
