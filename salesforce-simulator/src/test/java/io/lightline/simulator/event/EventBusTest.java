package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventBusTest {

    private static final Duration DAY = Duration.ofDays(1);

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
        var slice = bus.read(bus.earliest(), event -> event.topic().equals("/event/A__e"), 10)
                .orElseThrow();

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
        var slice = bus.read(bus.earliest(), _ -> true, 2).orElseThrow();

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
        assertThat(bus.read(start, _ -> true, 10)).isEmpty();
        assertThat(bus.read(bus.earliest(), _ -> true, 10).orElseThrow().events())
                .isEmpty();
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
        var left = small.read(small.earliest(), _ -> true, 10).orElseThrow().events();

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
        assertThat(bus.read(bus.earliest(), _ -> true, 10).orElseThrow().events())
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
    void listenersHearOfEventsUntilTheyLeave() {
        // given
        List<ReplayId> heard = new ArrayList<>();
        Runnable listener = () -> heard.add(bus.latest());
        bus.addListener(listener);

        // when
        var event = append("/event/A__e", "a1");
        bus.removeListener(listener);
        append("/event/A__e", "a2");

        // then
        assertThat(heard).containsExactly(event.replayId());
    }

    private BusEvent append(String topic, String id) {
        return bus.append(new EventDraft(topic, id, "schema", ByteString.EMPTY));
    }
}
