package io.lightline.backplane;

import io.lightline.backplane.QuestionFormat.Answered;
import io.lightline.backplane.QuestionFormat.Asked;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Questions and their answers over Redis pub/sub: a question goes to the key of its channel, and Redis says at once how many
 * heard it; an answer goes to the key of the pod that asked. Lives on the event loop.
 */
final class RedisQuestions {

    private static final Logger LOG = Logger.getLogger(RedisQuestions.class);

    private final String podId;
    private final RedisKeys keys;
    private final RedisCommands commands;
    private final RedisSubscriptions subscriptions;
    private final OpenQuestions open;
    private final Servers servers;

    /** Hears answers from the first connection on. */
    RedisQuestions(
            EventLoop loop,
            String podId,
            RedisKeys keys,
            RedisCommands commands,
            RedisSubscriptions subscriptions,
            BackplaneConfig config) {
        this.podId = podId;
        this.keys = keys;
        this.commands = commands;
        this.subscriptions = subscriptions;
        open = new OpenQuestions(loop, config);
        servers = new Servers(loop, config);
        loop.execute(() -> subscriptions.keep(keys.answers(podId), this::answered));
    }

    void ask(ChannelName channel, RawJson question, UniEmitter<? super RawJson> asker) {
        Optional<String> deaf = subscriptions.unavailable();
        if (deaf.isPresent()) {
            throw new BackplaneUnavailableException("Redis is not available: " + deaf.get());
        }
        long number = open.open(channel, question, asker);
        commands.send(
                        Command.PUBLISH,
                        keys.questions(channel),
                        QuestionFormat.encode(new Asked(podId, number, question)))
                .onSuccess(heard -> asked(channel, number, heard))
                .onFailure(failure -> open.fail(number, failure));
    }

    Future<Void> serve(ChannelName channel, Function<RawJson, Uni<RawJson>> server) {
        servers.add(channel, server);
        return subscriptions
                .subscribe(keys.questions(channel), message -> taken(channel, message))
                .onFailure(_ -> {
                    if (servers.remove(channel, server)) {
                        subscriptions.unsubscribe(keys.questions(channel));
                    }
                });
    }

    void unserve(ChannelName channel) {
        servers.remove(channel);
        subscriptions.unsubscribe(keys.questions(channel));
    }

    /** Answers may have been missed, or will never come. */
    void interrupted(String reason) {
        open.failAll(reason);
    }

    private void asked(ChannelName channel, long number, Response heard) {
        if (heard.toInteger() == 0) {
            open.fail(number, new NobodyServesException(channel));
        }
    }

    private void taken(ChannelName channel, Buffer message) {
        Asked asked;
        try {
            asked = QuestionFormat.asked(message);
        } catch (RuntimeException unreadable) {
            LOG.warnf("A question cannot be read channel=%s reason=%s", channel, unreadable.getMessage());
            return;
        }
        // An answer that cannot be sent is one that does not come: the asker's time ends.
        servers.take(
                channel,
                asked.question(),
                answer -> commands.send(
                        Command.PUBLISH,
                        keys.answers(asked.pod()),
                        QuestionFormat.encode(new Answered(asked.number(), answer))));
    }

    private void answered(Buffer message) {
        try {
            Answered answered = QuestionFormat.answered(message);
            open.answer(answered.number(), answered.answer());
        } catch (RuntimeException unreadable) {
            LOG.warnf("An answer cannot be read reason=%s", unreadable.getMessage());
        }
    }
}
