package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventBusTest {

    private static final Duration DAY = Duration.ofDays(1);

    private static final Set<String> A = Set.of("/event/A__e");

    private final ManualClock clock = new ManualClock();
    private final EventBus bus = new EventBus(clock, 1000, DAY.multipliedBy(3));

    @Test
    void positionsRiseWithGaps() {
        // given
        var start = bus.latest().position();

        // when
        var positions = IntStream.range(0, 100)
                .mapToObj(i -> append("/event/A__e", "a" + i).replayId().position())
                .toList();

        // then
        assertThat(positions).isSorted().doesNotHaveDuplicates();
        assertThat(positions.getLast() - start).isGreaterThan(100);
    }

    @Test
    void topicsShareOnePosition() {
        // given
        append("/event/A__e", "a1");
        var other = append("/event/B__e", "b1");

        // when
        var slice = bus.read(bus.earliest(), A, 10).orElseThrow();

        // then
        assertThat(slice.events()).extracting(BusEvent::id).containsExactly("a1");
        assertThat(slice.reached()).isEqualTo(other.replayId());
    }

    @Test
    void aLimitedReadStopsAtItsLastEvent() {
        // given
        append("/event/A__e", "a1");
        var second = append("/event/A__e", "a2");
        append("/event/A__e", "a3");

        // when
        var slice = bus.read(bus.earliest(), A, 2).orElseThrow();

        // then
        assertThat(slice.events()).extracting(BusEvent::id).containsExactly("a1", "a2");
        assertThat(slice.reached()).isEqualTo(second.replayId());
    }

    @Test
    void aPositionWhoseFollowersAreTooOldIsUnknown() {
        // given
        var start = bus.latest();
        var first = append("/event/A__e", "a1");
        append("/event/A__e", "a2");

        // when
        clock.advance(DAY.multipliedBy(4));

        // then
        assertThat(bus.knows(first.replayId())).isFalse();
        assertThat(bus.read(start, A, 10)).isEmpty();
        assertThat(bus.read(bus.earliest(), A, 10).orElseThrow().events()).isEmpty();
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        // given
        var small = new EventBus(clock, 2, DAY);
        var ids = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> small.append(new EventDraft("/event/A__e", "a" + i, "s", ByteString.EMPTY)))
                .map(BusEvent::replayId)
                .toList();

        // when
        var left = small.read(small.earliest(), A, 10).orElseThrow().events();

        // then
        assertThat(left).extracting(BusEvent::id).containsExactly("a3", "a4");
        assertThat(ids).extracting(small::knows).containsExactly(false, true, true, true);
    }

    @Test
    void aPositionInAGapWasNeverGivenOut() {
        // given
        var ids = IntStream.range(0, 20)
                .mapToLong(i -> append("/event/A__e", "a" + i).replayId().position())
                .boxed()
                .toList();
        long inAGap = ids.stream()
                .mapToLong(id -> id + 1)
                .filter(next -> !ids.contains(next))
                .findFirst()
                .orElseThrow();

        // then
        assertThat(bus.knows(new ReplayId(inAGap))).isFalse();
    }

    @Test
    void aResetMakesEveryOldPositionInvalid() {
        // given
        var before = append("/event/A__e", "a1").replayId();

        // when
        bus.reset();
        append("/event/A__e", "a2");

        // then
        assertThat(bus.knows(before)).isFalse();
        assertThat(bus.read(bus.earliest(), A, 10).orElseThrow().events())
                .extracting(BusEvent::id)
                .containsExactly("a2");
    }

    @Test
    void aLaterBusStartsBehindAllPositionsOfAnEarlierOne() {
        // given
        var last = append("/event/A__e", "a1").replayId();

        // when
        clock.advance(Duration.ofSeconds(1));
        var later = new EventBus(clock, 1000, DAY);

        // then
        assertThat(later.latest().position()).isGreaterThan(last.position());
        assertThat(later.knows(last)).isFalse();
    }

    @Test
    void aChannelHasTheEventsOfItsTopicsInTheOrderOfTheBus() {
        // given
        append("/event/A__e", "a1");
        append("/event/B__e", "b1");
        append("/event/C__e", "c1");
        append("/event/A__e", "a2");
        append("/event/B__e", "b2");

        // when
        var slice = bus.read(bus.earliest(), Set.of("/event/A__e", "/event/B__e", "/event/None__e"), 3)
                .orElseThrow();

        // then
        assertThat(slice.events()).extracting(BusEvent::id).containsExactly("a1", "b1", "a2");
    }

    @Test
    void aQuietTopicLosesNothingWhenOthersOverrunTheBus() {
        // given
        var small = new EventBus(clock, 10, DAY);
        var start = small.latest();

        // when
        IntStream.range(0, 100)
                .forEach(i -> small.append(new EventDraft("/event/B__e", "b" + i, "s", ByteString.EMPTY)));
        small.append(new EventDraft("/event/A__e", "a1", "s", ByteString.EMPTY));

        // then
        assertThat(small.read(start, A, 10).orElseThrow().events())
                .extracting(BusEvent::id)
                .containsExactly("a1");
        assertThat(small.countAfter(start, Set.of("/event/A__e", "/event/B__e")))
                .isEqualTo(10);
        assertThat(small.events()).hasSize(10);
    }

    @Test
    void eventsThatArePublishedTogetherWakeAListenerOnce() {
        // given
        List<ReplayId> heard = new ArrayList<>();
        bus.addListener(A, () -> heard.add(bus.latest()));

        // when
        bus.append(
                "/event/A__e",
                IntStream.range(0, 5)
                        .mapToObj(i -> new EventDraft("/event/A__e", "a" + i, "s", ByteString.EMPTY))
                        .toList());

        // then
        assertThat(heard).containsExactly(bus.latest());
    }

    @Test
    void listenersHearOfEventsUntilTheyLeave() {
        // given
        List<ReplayId> heard = new ArrayList<>();
        Runnable listener = () -> heard.add(bus.latest());
        bus.addListener(A, listener);

        // when
        var event = append("/event/A__e", "a1");
        bus.removeListener(A, listener);
        append("/event/A__e", "a2");

        // then
        assertThat(heard).containsExactly(event.replayId());
    }

    private BusEvent append(String topic, String id) {
        return bus.append(new EventDraft(topic, id, "schema", ByteString.EMPTY));
    }
}
