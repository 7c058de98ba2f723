package io.lightline.relay.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.Draft;
import io.lightline.backplane.History;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final String EPOCH = "e";

    @Test
    void joinsTheSliceAndWhatCameLiveWithoutDoubles() {
        // when
        var replay = Replay.between(at(3), at(8), read(6, 4, 6), publications(5, 9));

        // then
        assertThat(replay)
                .hasValueSatisfying(
                        all -> assertThat(all).extracting(Publication::offset).containsExactly(4L, 5L, 6L, 7L, 8L));
    }

    @Test
    void leavesOutWhatTheSubscriberWillGetLive() {
        // when
        var replay = Replay.between(at(3), at(5), read(9, 4, 9), List.of());

        // then
        assertThat(replay)
                .hasValueSatisfying(
                        all -> assertThat(all).extracting(Publication::offset).containsExactly(4L, 5L));
    }

    @Test
    void servesALaterWishFromAnEarlierSlice() {
        // when
        var replay = Replay.between(at(6), at(8), read(8, 2, 8), List.of());

        // then
        assertThat(replay)
                .hasValueSatisfying(
                        all -> assertThat(all).extracting(Publication::offset).containsExactly(7L, 8L));
    }

    @Test
    void refusesAHoleAtTheStart() {
        assertThat(Replay.between(at(3), at(8), read(8, 5, 8), List.of())).isEmpty();
    }

    @Test
    void refusesAHoleBetweenSliceAndLive() {
        assertThat(Replay.between(at(3), at(8), read(5, 4, 5), publications(7, 8)))
                .isEmpty();
    }

    @Test
    void refusesAHoleAtTheEnd() {
        assertThat(Replay.between(at(3), at(8), read(5, 4, 5), publications(6, 7)))
                .isEmpty();
    }

    @Test
    void refusesAnotherEpoch() {
        assertThat(Replay.between(new Position(3, "old"), at(8), read(8, 4, 8), List.of()))
                .isEmpty();
        assertThat(Replay.between(at(3), at(8), new History(new Position(8, "new"), publications(4, 8)), List.of()))
                .isEmpty();
    }

    @Test
    void knowsWhatContinuesAPosition() {
        assertThat(Replay.continues(at(3), read(8, 4, 8))).isTrue();
        assertThat(Replay.continues(at(3), new History(at(3), List.of()))).isTrue();
        assertThat(Replay.continues(at(3), new History(at(4), List.of())))
                .as("trimmed")
                .isFalse();
        assertThat(Replay.continues(at(3), read(8, 5, 8))).as("trimmed").isFalse();
        assertThat(Replay.continues(at(9), new History(at(3), List.of())))
                .as("rolled back")
                .isFalse();
        assertThat(Replay.continues(new Position(3, "old"), read(8, 4, 8)))
                .as("another epoch")
                .isFalse();
    }

    private static Position at(long offset) {
        return new Position(offset, EPOCH);
    }

    private static History read(long top, long first, long last) {
        return new History(at(top), publications(first, last));
    }

    private static List<Publication> publications(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(offset -> new Publication(offset, Draft.of(RawJson.of("" + offset))))
                .toList();
    }
}
