package io.lightline.relay.api;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Much of the same work, some of it at once. */
final class Several {

    private Several() {}

    private record Numbered<T>(int number, T item) {}

    /**
     * Results in the order of the pieces; the first failure is that of all. ({@code Uni.join} nests a call in a call for every piece
     * that is done at once, until the stack is full.)
     */
    static <Q, R> Uni<List<R>> inOrder(List<Q> pieces, int atOnce, Function<Q, Uni<R>> work) {
        return Multi.createFrom()
                .iterable(IntStream.range(0, pieces.size()).boxed().toList())
                .onItem()
                .transformToUni(number -> work.apply(pieces.get(number)).map(result -> new Numbered<>(number, result)))
                .merge(atOnce)
                .collect()
                .asList()
                .map(results -> results.stream()
                        .sorted(Comparator.comparingInt(Numbered::number))
                        .map(Numbered::item)
                        .toList());
    }
}
