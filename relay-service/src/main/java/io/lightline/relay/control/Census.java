package io.lightline.relay.control;

import io.lightline.backplane.Backplane;
import io.lightline.relay.control.ControlMessage.Answer;
import io.lightline.relay.control.ControlMessage.AskChannels;
import io.lightline.relay.control.ControlMessage.AskUsage;
import io.lightline.relay.control.ControlMessage.Channels;
import io.lightline.relay.control.ControlMessage.Question;
import io.lightline.relay.control.ControlMessage.Usage;
import io.lightline.relay.hub.Hub;
import io.lightline.relay.session.SessionLoops;
import io.lightline.relay.tenant.User;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Answers other pods' questions about this one: of the tenant that is asked about, and of no other. */
@Singleton
final class Census {

    private static final Logger LOG = Logger.getLogger(Census.class);

    private final Backplane backplane;
    private final ControlCodec codec;
    private final Hub hub;
    private final SessionLoops loops;

    Census(Backplane backplane, ControlCodec codec, Hub hub, SessionLoops loops) {
        this.backplane = backplane;
        this.codec = codec;
        this.hub = hub;
        this.loops = loops;
    }

    /**
     * Delivery thread. Takes only the channels' names here: to compare them with a pattern, or to look at every connection, would keep
     * publications waiting.
     */
    void answer(Question question) {
        Map<String, Integer> channels = hub.subscribers(question.tenant());
        Uni.createFrom()
                .item(() -> codec.encode(answer(question, channels)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .transformToUni(answer -> backplane.control(question.asker().pod(), answer))
                .subscribe()
                .with(
                        _ -> {},
                        failure -> LOG.debugf(
                                "A question stays without an answer pod=%s: %s",
                                question.asker().pod(), failure.getMessage()));
    }

    private Answer answer(Question question, Map<String, Integer> channels) {
        long id = question.asker().question();
        return switch (question) {
            case AskChannels(var _, var _, var pattern) ->
                new Channels(id, backplane.podId(), matching(channels, Glob.of(pattern)));
            case AskUsage(var _, var tenant) -> usage(id, tenant, channels);
        };
    }

    private static Map<String, Integer> matching(Map<String, Integer> channels, Glob pattern) {
        return channels.entrySet().stream()
                .filter(channel -> pattern.matches(channel.getKey()))
                .limit(Survey.MAX_CHANNELS + 1)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Usage usage(long question, String tenant, Map<String, Integer> channels) {
        List<String> users = loops.sessions()
                .flatMap(session -> session.user().stream())
                .filter(user -> user.tenant().id().equals(tenant))
                .map(User::id)
                .toList();
        return new Usage(
                question,
                backplane.podId(),
                users.size(),
                (int) users.stream().distinct().count(),
                channels.size(),
                channels.values().stream().mapToInt(Integer::intValue).sum());
    }
}
