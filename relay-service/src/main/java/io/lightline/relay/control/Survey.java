package io.lightline.relay.control;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.DeliveryThread.Timer;
import io.lightline.backplane.NodeInfo;
import io.lightline.relay.control.ControlMessage.Answer;
import io.lightline.relay.control.ControlMessage.Asker;
import io.lightline.relay.control.ControlMessage.Question;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks all pods something and collects what they answer: until each of {@link Backplane#nodes()} has answered, or for
 * {@link #PATIENCE}. Who has not answered by then is named, not waited for: a pod that died is listed for some seconds more. All of
 * its state belongs to the delivery thread.
 */
@Singleton
public final class Survey {

    /** Names in one answer about channels; one more says that there are too many. */
    public static final int MAX_CHANNELS = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Questions of one tenant under way at once on this pod: each costs every pod a look at all of its channels or clients. */
    private static final int MAX_QUESTIONS = 4;

    private final Backplane backplane;
    private final ControlCodec codec;
    private final Map<Long, Asked<?>> asked = new HashMap<>();
    private long lastQuestion;

    Survey(Backplane backplane, ControlCodec codec) {
        this.backplane = backplane;
        this.codec = codec;
    }

    /**
     * What was found out.
     *
     * @param nodes the pods that are alive
     * @param answers by the id of the pod; one may have answered that has not told the others yet that it is alive
     */
    public record Findings<A extends Answer>(List<NodeInfo> nodes, Map<String, A> answers) {

        /** Names of the pods that have not answered in time. */
        public List<String> silent() {
            return nodes.stream()
                    .filter(node -> !answers.containsKey(node.id()))
                    .map(NodeInfo::name)
                    .sorted()
                    .toList();
        }
    }

    /** The tenant asks too much already; fails {@link #ask}. */
    public static final class TooManyQuestionsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooManyQuestionsException() {
            super(MAX_QUESTIONS + " questions to all pods are under way");
        }
    }

    /**
     * Asks, when it is subscribed to; answers on the delivery thread.
     *
     * @param kind of the answers to the question
     */
    public <A extends Answer> Uni<Findings<A>> ask(Function<Asker, Question> question, Class<A> kind) {
        return backplane
                .nodes()
                .onItem()
                .transformToUni(nodes -> Uni.createFrom().emitter(emitter -> begin(nodes, question, kind, emitter)));
    }

    private <A extends Answer> void begin(
            List<NodeInfo> nodes,
            Function<Asker, Question> question,
            Class<A> kind,
            UniEmitter<? super Findings<A>> emitter) {
        long id = ++lastQuestion;
        Question put = question.apply(new Asker(backplane.podId(), id));
        if (asked.values().stream()
                        .filter(one -> one.tenant.equals(put.tenant()))
                        .count()
                >= MAX_QUESTIONS) {
            emitter.fail(new TooManyQuestionsException());
            return;
        }
        Timer timer = backplane.deliveryThread().schedule(PATIENCE, () -> end(id));
        asked.put(id, new Asked<>(put, nodes, kind, timer, emitter));
        backplane.control(codec.encode(put)).subscribe().with(_ -> {}, failure -> fail(id, failure));
    }

    /** Delivery thread. */
    void hear(Answer answer) {
        Asked<?> question = asked.get(answer.question());
        if (question != null && question.hear(answer)) {
            end(answer.question());
        }
    }

    private void end(long id) {
        Asked<?> question = asked.remove(id);
        if (question != null) {
            question.timer.cancel();
            question.complete();
        }
    }

    private void fail(long id, Throwable failure) {
        Asked<?> question = asked.remove(id);
        if (question != null) {
            question.timer.cancel();
            question.emitter.fail(failure);
        }
    }

    /** A question that is under way. */
    private static final class Asked<A extends Answer> {

        private final String tenant;
        private final List<NodeInfo> nodes;
        private final Class<A> kind;
        private final Timer timer;
        private final UniEmitter<? super Findings<A>> emitter;
        private final Set<String> awaited = new HashSet<>();
        private final Map<String, A> answers = new HashMap<>();

        Asked(
                Question question,
                List<NodeInfo> nodes,
                Class<A> kind,
                Timer timer,
                UniEmitter<? super Findings<A>> emitter) {
            this.tenant = question.tenant();
            this.nodes = nodes;
            this.kind = kind;
            this.timer = timer;
            this.emitter = emitter;
            awaited.add(question.asker().pod());
            nodes.forEach(node -> awaited.add(node.id()));
        }

        /** Whether that was the last one. */
        boolean hear(Answer answer) {
            if (kind.isInstance(answer)) {
                answers.put(answer.pod(), kind.cast(answer));
                awaited.remove(answer.pod());
            }
            return awaited.isEmpty();
        }

        void complete() {
            emitter.complete(new Findings<>(nodes, Map.copyOf(answers)));
        }
    }
}
