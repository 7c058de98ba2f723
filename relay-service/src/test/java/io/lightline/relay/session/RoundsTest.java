package io.lightline.relay.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private static final int BEATS = 20;

    private final Set<Integer> everybody = ConcurrentHashMap.newKeySet();
    private final List<Integer> visited = new ArrayList<>();
    private final Rounds<Integer> rounds = new Rounds<>(everybody, BEATS, visited::add);

    @Test
    void everybodyIsVisitedOnceARoundAndNoBeatTakesLong() {
        // given
        arrive(0, 1_000);

        // when
        List<Integer> parts =
                IntStream.range(0, BEATS).mapToObj(_ -> visitedIn(1)).toList();

        // then
        assertThat(visited).containsExactlyInAnyOrderElementsOf(everybody);
        assertThat(parts).allMatch(part -> part <= 51);
    }

    @Test
    void aFewAreNotVisitedMoreOften() {
        // given
        arrive(0, 3);

        // when
        visitedIn(2 * BEATS);

        // then
        assertThat(visited).hasSize(6);
        assertThat(everybody).allSatisfy(one -> assertThat(visited).contains(one));
    }

    @Test
    void nobodyWaitsForLongWhenManyCome() {
        // given
        arrive(0, 100);
        visitedIn(BEATS / 2);

        // when
        arrive(100, 10_000);
        visitedIn(2 * BEATS);

        // then
        assertThat(visited).containsAll(everybody);
    }

    @Test
    void nobodyWaitsForLongWhenManyGo() {
        // given
        arrive(0, 1_000);
        visitedIn(BEATS / 2);
        visited.forEach(everybody::remove);
        visited.clear();

        // when
        visitedIn(BEATS);

        // then
        assertThat(visited).containsExactlyInAnyOrderElementsOf(everybody);
    }

    @Test
    void whoComesWhenNobodyIsThereIsVisited() {
        // given
        visitedIn(BEATS / 2);
        arrive(7, 8);

        // when
        visitedIn(BEATS);

        // then
        assertThat(visited).containsExactly(7);
    }

    private void arrive(int from, int to) {
        IntStream.range(from, to).forEach(everybody::add);
    }

    private int visitedIn(int beats) {
        int before = visited.size();
        IntStream.range(0, beats).forEach(_ -> rounds.beat());
        return visited.size() - before;
    }
}
