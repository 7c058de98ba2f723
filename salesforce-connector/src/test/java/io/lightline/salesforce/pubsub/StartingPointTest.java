package io.lightline.salesforce.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.salesforce.event.ReplayId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartingPointTest {

    private static final Instant NOW = Instant.EPOCH;
    private static final ReplayId KNOWN = ScriptedPubSub.replayId(1);
    private static final ReplayId OTHER = ScriptedPubSub.replayId(2);

    @ParameterizedTest
    @CsvSource({"LATEST, LATEST", "EARLIEST, EARLIEST"})
    void topicThatWasNeverReadStartsAsConfigured(InitialReplay initial, ReplayPreset preset) {
        assertThat(point(initial, LostPosition.LATEST).preset(null)).isEqualTo(preset);
    }

    @Test
    void checkpointIsGoneOnFrom() {
        assertThat(point(InitialReplay.LATEST, LostPosition.LATEST).preset(KNOWN))
                .isEqualTo(ReplayPreset.CUSTOM);
    }

    @ParameterizedTest
    @CsvSource({"LATEST, LATEST", "EARLIEST, EARLIEST"})
    void lostCheckpointIsAnsweredByThePolicyUntilThereIsAnotherOne(LostPosition policy, ReplayPreset preset) {
        // given
        StartingPoint point = point(InitialReplay.LATEST, policy);

        // when
        point.lost(KNOWN, NOW);

        // then
        assertThat(point.preset(KNOWN)).isEqualTo(preset);
        assertThat(point.missing()).isNotNull();
        assertThat(point.preset(OTHER)).isEqualTo(ReplayPreset.CUSTOM);
    }

    @Test
    void haltedStreamHasNothingToTell() {
        // given
        StartingPoint point = point(InitialReplay.LATEST, LostPosition.HALT);

        // when
        point.lost(KNOWN, NOW);

        // then
        assertThat(point.isLost(KNOWN)).isTrue();
        assertThat(point.missing()).isNull();
    }

    @Test
    void callForTheLatestThatLeavesNoCheckpointLeavesAGap() {
        assertThat(drifted(null)).isTrue();
    }

    @Test
    void callForTheLatestThatLeavesACheckpointLeavesNone() {
        assertThat(drifted(KNOWN)).isFalse();
    }

    @Test
    void gapIsFoundOnceUntilItIsToldAndThenAgain() {
        // given
        StartingPoint point = point(InitialReplay.LATEST, LostPosition.LATEST);
        point.lost(KNOWN, NOW);
        point.drifted();

        // when / then: it is known already
        assertThat(point.goOnFrom(KNOWN, NOW)).isFalse();
        point.told();
        assertThat(point.goOnFrom(KNOWN, NOW)).isFalse();
        point.drifted();
        assertThat(point.goOnFrom(KNOWN, NOW)).isTrue();
    }

    @Test
    void anotherCheckpointMeansThatSomebodyElseHasSeenToTheGap() {
        // given
        StartingPoint point = point(InitialReplay.LATEST, LostPosition.LATEST);
        point.lost(KNOWN, NOW);

        // when
        point.goOnFrom(OTHER, NOW);

        // then
        assertThat(point.missing()).isNull();
        assertThat(point.isLost(KNOWN)).isFalse();
    }

    private static boolean drifted(@Nullable ReplayId checkpoint) {
        StartingPoint point = point(InitialReplay.LATEST, LostPosition.LATEST);
        point.drifted();
        return point.goOnFrom(checkpoint, NOW);
    }

    private static StartingPoint point(InitialReplay initial, LostPosition policy) {
        Duration second = Duration.ofSeconds(1);
        return new StartingPoint(new StreamSettings(
                "/event/Order__e",
                initial,
                policy,
                1,
                second,
                second,
                second,
                new StreamSettings.Pauses(second, second, second, second)));
    }
}
