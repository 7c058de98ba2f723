package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.SourceReader.Item;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several sources with derived channels, read by processes that are killed or only believed dead, over a store that refuses
 * calls, loses answers, answers late or takes effect after the caller has given up. Whatever happens, each channel ends with
 * what its source has: all of it, once, in its order.
 */
class SourceFaultsTest {

    private static final int SOURCES = 3;
    private static final int ITEMS = 250;
    private static final int PROCESSES = 6;
    private static final int SEEDS = 50;
    /** In the time of the stepped backplane; faults end with it. */
    private static final int TROUBLED = 1500;

    @Test
    void whateverFailsEveryItemArrivesOnceAndInOrder() {
        var faults = new HashMap<Fault, Integer>();
        for (int seed = 0; seed < SEEDS; seed++) {
            new Run(seed, faults).check();
        }
        assertThat(faults)
                .hasSize(Fault.values().length)
                .allSatisfy((_, times) -> assertThat(times).isGreaterThan(SEEDS));
    }

    /** To run one again that failed. */
    @ParameterizedTest
    @ValueSource(ints = 0)
    void aRunCanBeRepeated(int seed) {
        // when
        var one = new Run(seed, new HashMap<>());
        var other = new Run(seed, new HashMap<>());
        one.check();
        other.check();

        // then
        assertThat(one.backplane.calls()).hasSizeGreaterThan(100);
        assertThat(other.backplane.calls())
                .extracting(SteppedBackplane.Call::ids)
                .isEqualTo(one.backplane.calls().stream()
                        .map(SteppedBackplane.Call::ids)
                        .toList());
    }

    private enum Fault {
        NONE,
        REFUSED,
        ANSWER_LOST,
        LATE
    }

    private static final class Run implements SteppedBackplane.Course {

        private final SteppedBackplane backplane = new SteppedBackplane();
        private final Map<ChannelName, List<Item>> sources = new HashMap<>();
        private final Map<Fault, Integer> faults;
        private final int seed;
        private final Random random;
        private final List<ProcessSink> processes = new ArrayList<>();

        Run(int seed, Map<Fault, Integer> faults) {
            this.seed = seed;
            this.random = new Random(seed);
            this.faults = faults;
            for (int i = 0; i < SOURCES; i++) {
                sources.put(new ChannelName("acme", "topic" + i), items("topic" + i));
            }
        }

        void check() {
            for (int i = 0; i < PROCESSES; i++) {
                int fence = i + 1;
                backplane.later((long) i * TROUBLED / PROCESSES, () -> start(fence));
            }
            backplane.run();

            sources.forEach((channel, items) -> {
                assertThat(backplane.texts(channel))
                        .as("seed %d, %s", seed, channel)
                        .isEqualTo(items.stream().map(Run::text).toList());
                derived(channel.name())
                        .forEach(derived -> assertThat(backplane.texts(derived))
                                .as("seed %d, %s", seed, derived)
                                .isEqualTo(items.stream()
                                        .filter(item -> item.derived().contains(derived))
                                        .map(Run::text)
                                        .toList()));
            });
            assertThat(processes.getLast().readers()).noneMatch(SourceReader::fenced);
        }

        private void start(int fence) {
            boolean killed = fence < PROCESSES && random.nextBoolean();
            long end = backplane.now() + random.nextInt(2 * TROUBLED / PROCESSES);
            Backplane pod = backplane.pod(this, () -> !killed || backplane.now() < end);
            var process = new ProcessSink(pod);
            processes.add(process);
            sources.forEach((channel, items) -> process.add(
                    new SourceReader(pod, process, channel, items, fence, _ -> troubled() && random.nextInt(50) == 0)));
        }

        @Override
        public void take(SteppedBackplane.Call call, Supplier<Copied> effect, UniEmitter<? super Copied> answer) {
            Fault fault = troubled() && random.nextInt(4) == 0
                    ? Fault.values()[random.nextInt(Fault.values().length)]
                    : Fault.NONE;
            faults.merge(fault, 1, Integer::sum);
            int soon = random.nextInt(10);
            int late = soon + random.nextInt(100);
            Runnable fail = () -> answer.fail(new BackplaneUnavailableException("test"));
            switch (fault) {
                case NONE -> backplane.later(soon, () -> answer(effect, answer));
                case REFUSED -> backplane.later(soon, fail);
                case ANSWER_LOST -> {
                    backplane.later(soon, () -> attempt(effect));
                    backplane.later(late, fail);
                }
                case LATE -> {
                    backplane.later(soon, fail);
                    backplane.later(late, () -> attempt(effect));
                }
            }
        }

        private boolean troubled() {
            return backplane.now() < TROUBLED;
        }

        private static void answer(Supplier<Copied> effect, UniEmitter<? super Copied> answer) {
            try {
                answer.complete(effect.get());
            } catch (CheckpointConflictException | FencedException refused) {
                answer.fail(refused);
            }
        }

        private static void attempt(Supplier<Copied> effect) {
            try {
                var _ = effect.get();
            } catch (CheckpointConflictException | FencedException _) {
                // Nobody listens any more.
            }
        }

        private List<Item> items(String topic) {
            return IntStream.range(0, ITEMS).mapToObj(i -> item(topic, i)).toList();
        }

        private Item item(String topic, int i) {
            var derived =
                    derived(topic).stream().filter(_ -> random.nextInt(3) == 0).toList();
            boolean remark = i < ITEMS - 1 && random.nextInt(20) == 0;
            return new Item(topic + "#" + i, remark ? Optional.empty() : Optional.of("r" + i), derived);
        }

        private static List<ChannelName> derived(String topic) {
            return IntStream.range(0, 12)
                    .mapToObj(i -> new ChannelName("acme", topic + "/" + i))
                    .toList();
        }

        private static String text(Item item) {
            return TestPod.quoted(item.id());
        }
    }
}
