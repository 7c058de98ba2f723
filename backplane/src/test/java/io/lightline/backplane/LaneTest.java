package io.lightline.backplane;

import static io.lightline.backplane.BackplaneContract.CHAT;
import static io.lightline.backplane.BackplaneContract.KEEP;
import static io.lightline.backplane.BackplaneContract.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.SteppedBackplane.Call;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

/** How the messages of a source go into the backplane: together, in order, and to derived channels first. */
class LaneTest {

    private static final ChannelName ONE = new ChannelName("acme", "/data/AccountChangeEvent/001");
    private static final ChannelName TWO = new ChannelName("acme", "/data/AccountChangeEvent/002");

    private final SteppedBackplane backplane = new SteppedBackplane();
    private final List<String> answers = new ArrayList<>();
    private final Set<ChannelName> down = new HashSet<>();
    private final Set<ChannelName> slow = new HashSet<>();
    private final BackplaneSink sink =
            new BackplaneSink("out", backplane.pod(this::answer), Optional.empty(), KEEP, 10_000);
    private long requested;

    LaneTest() {
        sink.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long more) {
                requested += more;
            }

            @Override
            public void cancel() {}
        });
    }

    @Test
    void whatWaitsForACallGoesTogetherInTheNext() {
        // given
        hand(event(ORDERS, 0));
        backplane.later(5, () -> IntStream.range(1, 50).forEach(i -> hand(event(ORDERS, i))));

        // when
        backplane.run();

        // then
        assertThat(backplane.calls())
                .extracting(Call::checkpoint)
                .containsExactly(
                        Checkpoint.move(Optional.empty(), "r0", 7), Checkpoint.move(Optional.of("r0"), "r49", 7));
        assertThat(backplane.texts(ORDERS)).isEqualTo(texts(IntStream.range(0, 50)));
        assertThat(answers).isEqualTo(acked(IntStream.range(0, 50)));
        assertThat(requested).isEqualTo(10_050);
    }

    @Test
    void aCallTakesNoMoreThanSoManyEventsAndBytes() {
        // given
        IntStream.range(0, 250).forEach(i -> hand(event(ORDERS, i)));
        IntStream.range(0, 5).forEach(i -> hand(event(CHAT, i, "x".repeat(400_000))));
        hand(event(CHAT, 5, "x".repeat(1_500_000)));

        // when
        backplane.run();

        // then
        assertThat(callsTo(ORDERS).map(call -> call.ids().size())).containsExactly(100, 100, 50);
        assertThat(callsTo(CHAT).map(call -> call.ids().size())).containsExactly(2, 2, 1, 1);
        assertThat(answers).hasSize(256).allMatch(answer -> answer.endsWith("acked"));
    }

    @Test
    void aChannelThatIsSlowHoldsUpNoOther() {
        // given
        slow.add(ORDERS);
        IntStream.range(0, 300).forEach(i -> hand(event(ORDERS, i)));
        hand(event(CHAT, 0));
        hand(event(CHAT, 1));

        // when
        backplane.run();

        // then
        assertThat(answers).startsWith("0 acked", "1 acked", "0 acked").hasSize(302);
        assertThat(backplane.calls()).extracting(Call::channel).startsWith(ORDERS, CHAT, ORDERS);
    }

    @Test
    void aCallThatFailsFailsWhatBuildsOnItAndAnotherChainGoesOn() {
        // given
        down.add(ORDERS);
        hand(event(ORDERS, 0));
        backplane.later(5, () -> {
            IntStream.range(1, 10).forEach(i -> hand(event(ORDERS, i)));
            hand(message(
                    "again", 0, OutgoingPublication.from(ORDERS, "0", Checkpoint.move(Optional.empty(), "r0", 7))));
            hand(message(
                    "other", 0, OutgoingPublication.from(ORDERS, "x", Checkpoint.move(Optional.of("r0"), "r1", 8))));
            down.clear();
        });

        // when
        backplane.run();

        // then
        assertThat(answers)
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.range(0, 10).mapToObj(i -> i + " nacked BackplaneUnavailableException"),
                                Stream.of("again acked", "other acked"))
                        .toList());
        assertThat(backplane.calls()).extracting(Call::ids).containsExactly(List.of("0"), List.of("0"), List.of("x"));
        assertThat(requested).isEqualTo(10_012);
    }

    @Test
    void anEventGoesToItsDerivedChannelsFirstAndAllInOrder() {
        // given
        hand(event(ORDERS, 0));
        backplane.later(5, () -> {
            hand(message("1", 1, publication(ORDERS, 1).alsoTo(List.of(ONE, TWO))));
            hand(message("2", 2, publication(ORDERS, 2).alsoTo(List.of(TWO))));
            hand(event(ORDERS, 3));
        });

        // when
        backplane.run();

        // then
        assertThat(backplane.calls()).extracting(Call::channel).containsExactly(ORDERS, ONE, TWO, ORDERS);
        assertThat(backplane.calls()).extracting(Call::checkpoint).contains(Checkpoint.stay(Optional.empty(), 0));
        assertThat(backplane.texts(ONE)).isEqualTo(texts(IntStream.of(1)));
        assertThat(backplane.texts(TWO)).isEqualTo(texts(IntStream.of(1, 2)));
        assertThat(backplane.texts(ORDERS)).isEqualTo(texts(IntStream.range(0, 4)));
    }

    @Test
    void anEventThatBelongsElsewhereMovesTheCheckpointInItsPlace() {
        // given
        hand(event(ORDERS, 0));
        backplane.later(5, () -> {
            hand(message("1", 1, publication(ORDERS, 1).insteadTo(List.of(ONE))));
            hand(event(ORDERS, 2));
        });

        // when
        backplane.run();

        // then
        assertThat(backplane.calls()).extracting(Call::channel).containsExactly(ORDERS, ONE, ORDERS);
        assertThat(backplane.texts(ONE)).isEqualTo(texts(IntStream.of(1)));
        assertThat(backplane.texts(ORDERS)).isEqualTo(texts(IntStream.of(0, 2)));
        assertThat(answers).contains("1 acked");
    }

    @Test
    void aDerivedChannelThatFailsFailsTheEventWhichIsOnceInTheOthersAllTheSame() {
        // given
        down.add(TWO);
        var both = publication(ORDERS, 0).alsoTo(List.of(ONE, TWO));
        hand(message("first", 0, both));
        backplane.later(100, () -> {
            down.clear();
            hand(message("again", 0, both));
        });

        // when
        backplane.run();

        // then
        assertThat(answers).containsExactly("first nacked BackplaneUnavailableException", "again acked");
        for (var channel : List.of(ORDERS, ONE, TWO)) {
            assertThat(backplane.texts(channel)).isEqualTo(texts(IntStream.of(0)));
        }
    }

    @Test
    void whatBuildsOnAFailedEventReachesNoDerivedChannelEither() {
        // given
        down.add(ONE);
        hand(message("0", 0, publication(ORDERS, 0).alsoTo(List.of(ONE))));
        backplane.later(100, () -> {
            down.clear();
            hand(message("1", 1, publication(ORDERS, 1).alsoTo(List.of(ONE))));
        });

        // when
        backplane.run();

        // then
        assertThat(answers)
                .containsExactly("0 nacked BackplaneUnavailableException", "1 nacked CheckpointConflictException");
        assertThat(backplane.texts(ONE)).isEmpty();
    }

    @Test
    void manyDerivedChannelsGoFewAtATime() {
        // given
        var derived = IntStream.range(0, 1_000)
                .mapToObj(i -> new ChannelName("acme", "record" + i))
                .toList();
        hand(message("0", 0, publication(ORDERS, 0).alsoTo(derived)));
        var atOnce = new ArrayList<Long>();
        backplane.later(5, () -> atOnce.add((long) backplane.calls().size()));

        // when
        backplane.run();

        // then
        assertThat(atOnce.getFirst()).isLessThan(10);
        assertThat(derived)
                .allSatisfy(channel -> assertThat(backplane.texts(channel)).hasSize(1));
        assertThat(answers).containsExactly("0 acked");
    }

    @Test
    void aChannelWithASourceOfItsOwnIsNoDerivedOne() {
        // given
        hand(event(CHAT, 0));
        hand(message("m", 0, publication(ORDERS, 0).alsoTo(List.of(CHAT))));

        // when
        backplane.run();

        // then
        assertThat(answers).containsExactly("0 acked", "m nacked IllegalStateException");
    }

    @Test
    void theReceiptTellsWhetherAnEventWasKnown() {
        // given
        hand(event(ORDERS, 0));
        hand(message("twice", 0, OutgoingPublication.from(ORDERS, "0", Checkpoint.stay(Optional.of("r0"), 7))));
        hand(message("new", 1, OutgoingPublication.from(ORDERS, "1", Checkpoint.stay(Optional.of("r0"), 7))));

        // when
        backplane.run();

        // then
        assertThat(answers).containsExactly("0 acked", "twice acked, known", "new acked");
        assertThat(backplane.texts(ORDERS)).isEqualTo(texts(IntStream.of(0, 1)));
    }

    private void answer(Call call, Supplier<Copied> effect, UniEmitter<? super Copied> answer) {
        boolean fails = down.contains(call.channel());
        backplane.later(slow.contains(call.channel()) ? 1_000 : 10, () -> {
            try {
                if (fails) {
                    throw new BackplaneUnavailableException("test");
                }
                answer.complete(effect.get());
            } catch (RuntimeException failure) {
                answer.fail(failure);
            }
        });
    }

    private Stream<Call> callsTo(ChannelName channel) {
        return backplane.calls().stream().filter(call -> call.channel().equals(channel));
    }

    private void hand(Message<?> message) {
        sink.onNext(message);
    }

    private Message<Draft> event(ChannelName channel, int i) {
        return event(channel, i, "m" + i);
    }

    private Message<Draft> event(ChannelName channel, int i, String text) {
        return message("" + i, TestPod.draft(text), publication(channel, i));
    }

    private Message<Draft> message(String name, int i, OutgoingPublication publication) {
        return message(name, TestPod.draft("m" + i), publication);
    }

    private static OutgoingPublication publication(ChannelName channel, int i) {
        var expected = i == 0 ? Optional.<String>empty() : Optional.of("r" + (i - 1));
        return OutgoingPublication.from(channel, "" + i, Checkpoint.move(expected, "r" + i, 7));
    }

    private Message<Draft> message(String name, Draft draft, OutgoingPublication publication) {
        return Message.of(draft, Metadata.of(publication))
                .withAckWithMetadata(metadata -> {
                    boolean known = metadata.get(Receipt.class).orElseThrow().known();
                    answers.add(name + (known ? " acked, known" : " acked"));
                    return CompletableFuture.completedFuture(null);
                })
                .withNack(cause -> {
                    answers.add(name + " nacked " + cause.getClass().getSimpleName());
                    return CompletableFuture.completedFuture(null);
                });
    }

    private static List<String> texts(IntStream numbers) {
        return numbers.mapToObj(i -> TestPod.quoted("m" + i)).toList();
    }

    private static List<String> acked(IntStream numbers) {
        return numbers.mapToObj(i -> i + " acked").toList();
    }
}
