package io.lightline.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.simulator.fault.Trigger.Calls;
import io.lightline.simulator.fault.Trigger.Events;
import io.lightline.simulator.fault.Trigger.Point;
import io.lightline.simulator.fault.Trigger.Responses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final String TOPIC = "/event/Order__e";
    private static final Strike RESET = new Strike.Reset();

    private final Faults faults = new Faults();

    @Test
    void aFaultStrikesAfterItsEventsAndThenNoMore() {
        // given
        faults.add(RESET, once(new Events(), 3));

        // when
        int allowance = faults.allowance(TOPIC);
        faults.sent(TOPIC, 3);

        // then
        assertThat(allowance).isEqualTo(3);
        assertThat(faults.due(TOPIC)).contains(RESET);
        assertThat(faults.due(TOPIC)).isEmpty();
        assertThat(faults.allowance(TOPIC)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aTopicsFaultDoesNotConcernAnother() {
        // given
        faults.add(RESET, new Trigger(new Events(), Optional.of(TOPIC), 0, 0, 0, 1));

        // then
        assertThat(faults.due("/event/Other__e")).isEmpty();
        assertThat(faults.due(TOPIC)).contains(RESET);
    }

    @Test
    void responsesCountWithoutEvents() {
        // given
        faults.add(RESET, once(new Responses(), 2));

        // when
        faults.sent(TOPIC, 0);
        var afterOne = faults.due(TOPIC);
        faults.sent(TOPIC, 0);

        // then
        assertThat(afterOne).isEmpty();
        assertThat(faults.due(TOPIC)).contains(RESET);
    }

    @Test
    void callsAreLetThroughUntilOneIsStruck() {
        // given
        faults.add(RESET, once(new Calls(Call.GET_SCHEMA), 2));

        // when
        var met = List.of(
                faults.called(Call.GET_SCHEMA, ""),
                faults.called(Call.GET_TOPIC, TOPIC),
                faults.called(Call.GET_SCHEMA, ""),
                faults.called(Call.GET_SCHEMA, ""),
                faults.called(Call.GET_SCHEMA, ""));

        // then
        assertThat(met)
                .containsExactly(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(RESET), Optional.empty());
        assertThat(faults.due(TOPIC)).isEmpty();
    }

    @Test
    void ofTwoThatAreDueTheFirstStrikesAndThenTheSecond() {
        // given
        var goAway = new Strike.Disconnect();
        faults.add(RESET, once(new Events(), 1));
        faults.add(goAway, once(new Events(), 1));

        // when
        faults.sent(TOPIC, 1);

        // then
        assertThat(faults.due(TOPIC)).contains(RESET);
        assertThat(faults.due(TOPIC)).contains(goAway);
    }

    @Test
    void theSameSeedStrikesAtTheSameEvents() {
        // given
        var other = new Faults();
        faults.add(RESET, new Trigger(new Events(), Optional.empty(), 10, 90, 42, 20));
        other.add(RESET, new Trigger(new Events(), Optional.empty(), 10, 90, 42, 20));

        // when
        var strikes = strikes(faults);

        // then
        assertThat(strikes).hasSize(20).isEqualTo(strikes(other));
        assertThat(strikes.stream().distinct().count()).isGreaterThan(10);
        assertThat(strikes).allSatisfy(events -> assertThat(events).isBetween(10, 100));
    }

    @Test
    void withoutEndMeansWithoutEnd() {
        // given
        faults.add(RESET, new Trigger(new Events(), Optional.empty(), 0, 0, 0, 0));

        // then
        for (int i = 0; i < 100; i++) {
            assertThat(faults.due(TOPIC)).contains(RESET);
        }
        assertThat(faults.all()).extracting(FaultInfo::struck).containsExactly(100);
    }

    @Test
    void aFaultThatWasTakenBackDoesNotStrike() {
        // given
        var fault = faults.add(RESET, once(new Events(), 0));

        // when
        boolean removed = faults.remove(fault.id());

        // then
        assertThat(removed).isTrue();
        assertThat(faults.remove(fault.id())).isFalse();
        assertThat(faults.due(TOPIC)).isEmpty();
        assertThat(faults.all()).isEmpty();
    }

    /** After how many events each of a fault's strikes came. */
    private static List<Integer> strikes(Faults faults) {
        var strikes = new ArrayList<Integer>();
        while (faults.allowance(TOPIC) < Integer.MAX_VALUE) {
            int allowance = faults.allowance(TOPIC);
            faults.sent(TOPIC, allowance);
            assertThat(faults.due(TOPIC)).isPresent();
            strikes.add(allowance);
        }
        return strikes;
    }

    private static Trigger once(Point point, int after) {
        return new Trigger(point, Optional.empty(), after, 0, 0, 1);
    }
}
