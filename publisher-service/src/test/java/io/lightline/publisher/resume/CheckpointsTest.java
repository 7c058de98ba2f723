package io.lightline.publisher.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.CheckpointConflictException;
import io.lightline.backplane.FencedException;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.Retention;
import io.lightline.backplane.TestConfig;
import io.lightline.publisher.route.Reading;
import io.lightline.publisher.route.Route;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.event.ReplayId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TOPIC = "/event/Order__e";
    private static final ReplayId FIRST = ReplayId.of(new byte[] {1});
    private static final ReplayId SECOND = ReplayId.of(new byte[] {2});

    private static final Retention RETENTION = new Retention(100, Duration.ofHours(1));

    private final InMemoryBackplane backplane = new InMemoryBackplane(new InMemoryStore(), TestConfig.defaults());
    private final List<Long> fenced = new ArrayList<>();
    private final Checkpoints checkpoints = under(7);

    @AfterEach
    void close() {
        answer(backplane.close());
    }

    @Test
    void topicThatWasNeverReadHasNoCheckpoint() {
        assertThat(answer(checkpoints.load(TOPIC))).isEmpty();
    }

    @Test
    void quietTopicsCheckpointMovesOn() {
        // given
        answer(checkpoints.idle(TOPIC, Optional.empty(), FIRST));

        // when
        answer(checkpoints.idle(TOPIC, Optional.of(FIRST), SECOND));

        // then
        assertThat(answer(checkpoints.load(TOPIC))).contains(SECOND);
    }

    @Test
    void checkpointThatSomebodyElseMovedIsAConflict() {
        // given
        answer(checkpoints.idle(TOPIC, Optional.empty(), SECOND));

        // when / then
        assertThatThrownBy(() -> answer(checkpoints.idle(TOPIC, Optional.of(FIRST), FIRST)))
                .isInstanceOf(CheckpointConflictException.class);
        assertThat(answer(checkpoints.load(TOPIC))).contains(SECOND);
    }

    @Test
    void whoReadsUnderAYoungerLeaseLocksTheOlderOneOut() {
        // given
        answer(checkpoints.idle(TOPIC, Optional.empty(), FIRST));

        // when
        var seen = answer(under(8).load(TOPIC));

        // then
        assertThat(seen).contains(FIRST);
        assertThatThrownBy(() -> answer(checkpoints.idle(TOPIC, Optional.of(FIRST), SECOND)))
                .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> answer(checkpoints.load(TOPIC))).isInstanceOf(FencedException.class);
        assertThat(fenced).containsExactly(7L, 7L);
    }

    @Test
    void whoBeginsAfterAnotherLearnsOfIt() {
        // when
        boolean beforeTheFirst = answer(checkpoints.begin(TOPIC));
        boolean beforeTheSecond = answer(under(8).begin(TOPIC));

        // then
        assertThat(beforeTheFirst).isFalse();
        assertThat(beforeTheSecond).isTrue();
        assertThat(answer(under(8).load(TOPIC))).isEmpty();
    }

    @Test
    void whoBeginsInAStoreThatHasForgottenMayNotBeTheFirst() {
        // given
        var forgotten = new Checkpoints(backplane, reading(7), RETENTION, true);

        // when / then
        assertThat(answer(forgotten.begin(TOPIC))).isTrue();
    }

    private Checkpoints under(long fence) {
        return new Checkpoints(backplane, reading(fence), RETENTION, false);
    }

    private Reading reading(long fence) {
        var route = new Route(new TopicName("acme", TOPIC), new ChannelName("acme", TOPIC), false);
        return new Reading(route, fence, List.of(), () -> fenced.add(fence));
    }

    private static <T> T answer(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }
}
