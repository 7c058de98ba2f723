package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promise 6: pods are restarted one after the other, and no client notices more than a socket that has to be opened again. The
 * system property {@code rolling.clients} makes the crowd larger, {@code rolling.window} (two seconds or more) the drain slower.
 */
class RollingRestartIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PODS = 3;
    private static final int CROWDS = 2;
    private static final int CHANNELS = 10;
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Clients that are sent away together lose their sockets within less, even on a busy machine. */
    private static final Duration TOGETHER = Duration.ofMillis(500);

    private static final int CLIENTS = Integer.getInteger("rolling.clients", 300);
    private static final String WINDOW = System.getProperty("rolling.window", "3s");

    /**
     * Of one pod: from the signal until its process was gone.
     *
     * @param published numbers meanwhile
     */
    private record Drained(int pod, Instant from, Instant to, int published) {

        boolean includes(Instant time) {
            return !time.isBefore(from) && time.isBefore(to);
        }
    }

    @BeforeAll
    static void installTheSdk() throws IOException, InterruptedException {
        NpmSdk.install();
    }

    @Test
    void nobodyMissesAnythingWhilePodsAreRestartedOneByOne() throws Exception {
        // given
        List<String> channels =
                Stream.generate(RunningStack::newChannel).limit(CHANNELS).toList();
        try (var redis = RedisProcess.start();
                var pods = RelayPods.start(PODS, pod -> pod(redis, pod));
                var balancer = Balancer.start(pods.relays());
                var one = Crowd.start(CLIENTS / CROWDS, balancer.uri("ws", "/connection/websocket"), channels);
                var other = Crowd.start(CLIENTS / CROWDS, balancer.uri("ws", "/connection/websocket"), channels)) {
            List<Crowd> crowds = List.of(one, other);
            crowds.forEach(Crowd::awaitSubscribed);

            try (var stream = NumberStream.start(balancer.uri("http", "/api/publish"), channels, PAUSE)) {
                // when
                List<Drained> drained = IntStream.range(0, PODS)
                        .mapToObj(pod -> restart(pods, pod, stream))
                        .toList();
                Map<String, Integer> published = stream.stop();

                // then
                assertThat(drained)
                        .allSatisfy(drain -> assertThat(drain.published()).isPositive());
                var breaks = new ArrayList<Instant>();
                var reconnects = new ArrayList<Instant>();
                for (Crowd crowd : crowds) {
                    Crowd.Report report = crowd.finish(published);
                    assertThat(report.errors()).isEmpty();
                    assertThat(report)
                            .returns(crowd.clients(), Crowd.Report::complete)
                            .returns(0L, Crowd.Report::holes)
                            .returns(0L, Crowd.Report::repetitions)
                            .returns(0, Crowd.Report::unrecovered)
                            .returns(0, Crowd.Report::goodbyes);
                    breaks.addAll(report.breaks());
                    reconnects.addAll(report.reconnects());
                }
                assertThat(reconnects).hasSizeGreaterThanOrEqualTo(CLIENTS);
                assertThat(drained)
                        .allSatisfy(drain -> assertThat(timeBetweenFirstAndLast(breaks, drain))
                                .isGreaterThan(TOGETHER));
                print(published, drained, reconnects);
            }
        }
    }

    private static Duration timeBetweenFirstAndLast(List<Instant> breaks, Drained drain) {
        List<Instant> sorted = breaks.stream().filter(drain::includes).sorted().toList();
        assertThat(sorted).hasSizeGreaterThan(1);
        return Duration.between(sorted.getFirst(), sorted.getLast());
    }

    private static void print(Map<String, Integer> published, List<Drained> drained, List<Instant> reconnects) {
        int messages = published.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "Rolling restart: %d clients, %d pods, %d messages on %d channels, drain window %s%n",
                CLIENTS, PODS, messages, CHANNELS, WINDOW);
        for (Drained drain : drained) {
            List<Instant> back = reconnects.stream().filter(drain::includes).toList();
            long seconds = Duration.between(drain.from(), drain.to()).toSeconds();
            System.out.printf("  pod %d, reconnects in each second of its drain: ", drain.pod());
            LongStream.rangeClosed(0, seconds)
                    .map(second -> back.stream()
                            .filter(time -> Duration.between(drain.from(), time).toSeconds() == second)
                            .count())
                    .forEach(count -> System.out.print(count + " "));
            System.out.println();
        }
    }

    private static LoneRelay pod(RedisProcess redis, int pod) {
        String chat = "lightline.tenants.demo.namespaces.chat.";
        return LoneRelay.start(
                "rolling-" + pod,
                Map.of(
                        "lightline.backplane.type",
                        "redis",
                        "quarkus.redis.hosts",
                        redis.uri().toString(),
                        "lightline.node-name",
                        "rolling-" + pod,
                        "lightline.drain.window",
                        WINDOW,
                        chat + "history-size",
                        "1000",
                        chat + "history-ttl",
                        "10m"));
    }

    /** Ends a pod as Kubernetes does, and starts it again when it is gone. */
    private static Drained restart(RelayPods pods, int pod, NumberStream stream) {
        LoneRelay relay = pods.get(pod);
        int before = stream.acknowledged();
        Instant from = Instant.now();
        relay.askToStop();
        await().atMost(LIMIT).until(() -> !relay.isAlive());
        Instant to = Instant.now();
        int published = stream.acknowledged() - before;
        relay.startAgain();
        return new Drained(pod, from, to, published);
    }
}
