package io.lightline.backplane;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod has asked and has no answer to yet: a bounded number, each for {@link BackplaneConfig#timeout()} at most. Lives
 * on the delivery thread.
 */
final class OpenQuestions {

    private final DeliveryThread thread;
    private final BackplaneConfig config;
    private final Map<Long, Open> open = new HashMap<>();
    private long lastNumber;

    OpenQuestions(DeliveryThread thread, BackplaneConfig config) {
        this.thread = thread;
        this.config = config;
    }

    /**
     * Waits for an answer from now on.
     *
     * @return the question's number on this pod
     * @throws BackplaneUnavailableException when too many are open
     * @throws IllegalArgumentException when it is too large
     */
    long open(ChannelName channel, RawJson question, UniEmitter<? super RawJson> asker) {
        if (question.length() > Backplane.MAX_QUESTION) {
            throw new IllegalArgumentException("A question of " + question.length() + " bytes for channel " + channel
                    + "; at most " + Backplane.MAX_QUESTION + " are possible");
        }
        if (open.size() >= config.maxInFlight()) {
            throw new BackplaneUnavailableException("Too much in flight: " + open.size() + " questions are open");
        }
        long number = ++lastNumber;
        var limit = thread.schedule(
                config.timeout(),
                () -> fail(
                        number,
                        new BackplaneUnavailableException("Who serves channel " + channel + " has not answered within "
                                + config.timeout() + "; it may have done what was asked")));
        open.put(number, new Open(channel, asker, limit));
        return number;
    }

    /** The first answer counts; what comes later, or too late, is ignored. */
    void answer(long number, Reply answer) {
        Open question = close(number);
        if (question != null) {
            switch (answer) {
                case Reply.Given(var json) -> question.asker.complete(json);
                case Reply.Failed(var reason) ->
                    question.asker.fail(new ServerFailedException(question.channel, reason));
            }
        }
    }

    void fail(long number, Throwable reason) {
        Open question = close(number);
        if (question != null) {
            question.asker.fail(reason);
        }
    }

    /** Answers may have been missed. */
    void failAll(String reason) {
        var failure = new BackplaneUnavailableException("The answer is lost: " + reason);
        List.copyOf(open.keySet()).forEach(number -> fail(number, failure));
    }

    private @Nullable Open close(long number) {
        Open question = open.remove(number);
        if (question != null) {
            question.limit.cancel();
        }
        return question;
    }

    private record Open(ChannelName channel, UniEmitter<? super RawJson> asker, DeliveryThread.Timer limit) {}
}
