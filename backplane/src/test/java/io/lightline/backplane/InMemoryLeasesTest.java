package io.lightline.backplane;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases and time, which the test moves. */
class InMemoryLeasesTest {

    private static final Duration TTL = Duration.ofSeconds(3);

    private final InMemoryLeases leases = new InMemoryLeases();
    private Instant now = Instant.parse("2026-11-25T10:00:00Z");

    @Test
    void leaseIsHeldUntilTheLastMomentOfItsTime() {
        // given
        claim("a", "t");

        // when
        later(TTL.minusMillis(1));
        var early = claim("b", "t");
        later(Duration.ofMillis(1));
        var inTime = claim("b", "t");

        // then
        assertThat(early.held()).isEmpty();
        assertThat(inTime.held()).containsOnlyKeys("t");
    }

    @Test
    void whoClaimsLateFindsItsLeasesIfNobodyHasClaimedMeanwhile() {
        // given
        var before = claim("a", "t1", "t2");

        // when
        later(TTL.multipliedBy(10));
        var late = claim("a", "t1", "t2");

        // then
        assertThat(late.held()).isEqualTo(before.held());
    }

    @Test
    void whoClaimsLateHasLostWhatSomebodyElseCouldHaveTaken() {
        // given
        var before = claim("a", "t1", "t2");
        later(TTL);
        claim("b", "t2");

        // when
        var late = claim("a", "t1", "t2");

        // then
        assertThat(late.held()).containsOnlyKeys("t1");
        assertThat(late.held().get("t1")).isGreaterThan(before.held().get("t1"));
    }

    @Test
    void fenceIsTheTimeOfTheGrantOrOneMoreThanTheLast() {
        // when
        long first = fence();
        claim("a");
        long sameMoment = fence();
        claim("a");
        later(Duration.ofMillis(-500));
        long clockSetBack = fence();
        claim("a");
        later(Duration.ofSeconds(2));
        long later = fence();

        // then
        assertThat(List.of(first, sameMoment, clockSetBack, later))
                .containsExactly(
                        now.toEpochMilli() - 1500,
                        now.toEpochMilli() - 1499,
                        now.toEpochMilli() - 1498,
                        now.toEpochMilli());
    }

    @Test
    void surplusOfSeveralIsNoMoreThanNewMemberNeeds() {
        // given
        String[] all = IntStream.range(0, 8).mapToObj(i -> "t" + i).toArray(String[]::new);
        claim("a", all);
        claim("b", all);
        var half = claim("a", all).surplus();
        leases.claim(new LeaseClaim("group", "a", TTL, Set.of(all), half), now);
        assertThat(claim("a", all).held()).hasSize(4);
        assertThat(claim("b", all).held()).hasSize(4);

        // when
        claim("c", all);
        var ofA = claim("a", all).surplus();
        var ofB = claim("b", all).surplus();

        // then
        assertThat(ofA).hasSize(1);
        assertThat(ofB).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noTwoMembersBelieveToHoldOneLease(long seed) {
        // given
        record View(LeaseAnswer answer, Instant until) {}
        var random = new Random(seed);
        var names = IntStream.range(0, 9).mapToObj(i -> "t" + i).toList();
        var views = new HashMap<String, View>();
        var fences = new HashMap<String, Long>();
        int handedOver = 0;

        // when / then
        for (int step = 0; step < 1_000; step++) {
            later(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 4_000 : 300)));
            String member = "m" + random.nextInt(5);
            View before = views.getOrDefault(member, new View(new LeaseAnswer(Map.of(), Set.of()), now));
            Set<String> wanted = random.nextInt(10) == 0
                    ? Set.of()
                    : names.stream().filter(_ -> random.nextInt(5) > 0).collect(toSet());
            var answer = leases.claim(new LeaseClaim("group", member, TTL, wanted, before.answer.surplus()), now);
            views.put(member, new View(answer, now.plus(TTL)));
            assertThat(views.values().stream()
                            .filter(view -> view.until.isAfter(now))
                            .flatMap(view -> view.answer.held().keySet().stream()))
                    .as("seed %d, step %d", seed, step)
                    .doesNotHaveDuplicates();
            for (var lease : answer.held().entrySet()) {
                long last = fences.getOrDefault(lease.getKey(), 0L);
                boolean renewed = lease.getValue().equals(before.answer.held().get(lease.getKey()));
                assertThat(renewed ? lease.getValue() == last : lease.getValue() > last)
                        .isTrue();
                handedOver += renewed ? 0 : 1;
                fences.put(lease.getKey(), lease.getValue());
            }
        }
        assertThat(handedOver).isGreaterThan(200);
    }

    @Test
    void claimThatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> new LeaseClaim("a}b", "a", TTL, Set.of(), Set.of()))
                .hasMessage("Not a group (letters, digits, '.', '_', '-'): 'a}b'");
        assertThatThrownBy(() -> new LeaseClaim("group", "a", Duration.ZERO, Set.of(), Set.of()))
                .hasMessage("A claim needs a member and a time to live: member 'a', ttl PT0S");
    }

    private long fence() {
        return claim("a", "t").held().getOrDefault("t", 0L);
    }

    private LeaseAnswer claim(String member, String... wanted) {
        return leases.claim(new LeaseClaim("group", member, TTL, Set.of(wanted), Set.of()), now);
    }

    private void later(Duration time) {
        now = now.plus(time);
    }
}
