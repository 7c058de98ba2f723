package io.lightline.relay.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedReadsTest {

    private final List<String> ended = new ArrayList<>();

    @Test
    void noMoreRunThanMayAndTheOthersFollowInOrder() {
        // given
        var reads = new BoundedReads(2);
        List<CompletableFuture<String>> answers = IntStream.range(0, 4)
                .mapToObj(_ -> new CompletableFuture<String>())
                .toList();
        List<Integer> started = new ArrayList<>();

        // when
        for (int i = 0; i < 4; i++) {
            int number = i;
            reads.start(
                    Uni.createFrom().completionStage(() -> {
                        started.add(number);
                        return answers.get(number);
                    }),
                    ended::add,
                    failure -> ended.add(String.valueOf(failure.getMessage())));
        }
        var first = List.copyOf(started);
        answers.get(1).complete("b");
        answers.get(0).completeExceptionally(new IllegalStateException("a"));

        // then
        assertThat(first).containsExactly(0, 1);
        assertThat(started).containsExactly(0, 1, 2, 3);
        assertThat(ended).containsExactly("b", "a");
    }

    @Test
    void whatIsNotUrgentWaitsForWhatIs() {
        // given
        var reads = new BoundedReads(1);
        var gate = new CompletableFuture<String>();
        reads.start(Uni.createFrom().completionStage(gate), ended::add, _ -> {});

        // when
        reads.startPatiently(Uni.createFrom().item("patient"), ended::add, _ -> {});
        reads.start(Uni.createFrom().item("urgent"), ended::add, _ -> {});
        gate.complete("first");

        // then
        assertThat(ended).containsExactly("first", "urgent", "patient");
    }

    @Test
    void thousandsThatFailAtOnceAreAllAnswered() {
        // given
        var reads = new BoundedReads(1);
        var gate = new CompletableFuture<String>();
        reads.start(Uni.createFrom().completionStage(gate), ended::add, _ -> ended.add("failed"));

        // when
        for (int i = 0; i < 50_000; i++) {
            reads.start(
                    Uni.createFrom().<String>failure(new IllegalStateException("down")),
                    ended::add,
                    _ -> ended.add("failed"));
        }
        gate.complete("open");
        reads.start(Uni.createFrom().item("still there"), ended::add, _ -> ended.add("failed"));

        // then
        assertThat(ended).hasSize(50_002).startsWith("open").endsWith("still there");
    }

    @Test
    void aConsumerThatThrowsIsToldAndHoldsNoPlace() {
        // given
        var reads = new BoundedReads(1);

        // when
        reads.start(
                Uni.createFrom().item("x"),
                _ -> {
                    throw new IllegalStateException("thrown by a test");
                },
                failure -> ended.add(String.valueOf(failure.getMessage())));
        reads.start(Uni.createFrom().item("next"), ended::add, _ -> ended.add("failed"));

        // then
        assertThat(ended).containsExactly("thrown by a test", "next");
    }
}
