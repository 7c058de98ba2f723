package io.lightline.relay.api;

import static io.lightline.relay.api.Fields.limited;
import static io.lightline.relay.api.Fields.required;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.RawJson;
import io.lightline.relay.api.BatchBodies.Batch;
import io.lightline.relay.api.ReadingBodies.Sized;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.tenant.Tenant;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Many commands in one request. Each has its own reply, whatever becomes of the others. Nothing blocks. */
@Singleton
final class Batching {

    private static final Logger LOG = Logger.getLogger(Batching.class);

    /** Commands of one batch. */
    private static final int MAX_COMMANDS = 1_000;

    /** Commands under way at once; each of them may be a broadcast. */
    private static final int CONCURRENCY = 8;

    /** Of what the replies contain: they are kept until the last one is there. */
    private static final long MAX_REPLY_BYTES = 8L * 1024 * 1024;

    private static final String ERROR = "error";

    private final Map<String, Command<?>> commands = new HashMap<>();
    private final ApiMetrics metrics;
    private final ObjectMapper mapper;

    Batching(Publishing publishing, Reading reading, Users users, ApiMetrics metrics, ObjectMapper mapper) {
        this.metrics = metrics;
        this.mapper = mapper;
        offer(ApiMethod.PUBLISH, PublishingBodies.Publish.class, publishing::publish);
        offer(ApiMethod.BROADCAST, PublishingBodies.Broadcast.class, publishing::broadcast);
        offer(ApiMethod.SUBSCRIBE, UserBodies.SubscribeUser.class, users::subscribe);
        offer(ApiMethod.UNSUBSCRIBE, UserBodies.UnsubscribeUser.class, users::unsubscribe);
        offer(ApiMethod.DISCONNECT, UserBodies.DisconnectUser.class, users::disconnect);
        offer(ApiMethod.REFRESH, UserBodies.RefreshUser.class, users::refresh);
        offer(ApiMethod.INVALIDATE_USER_TOKENS, UserBodies.InvalidateUserTokens.class, users::invalidateTokens);
        offer(ApiMethod.PRESENCE, ReadingBodies.OfChannel.class, reading::presence);
        offer(ApiMethod.PRESENCE_STATS, ReadingBodies.OfChannel.class, reading::presenceStats);
        offer(ApiMethod.HISTORY, ReadingBodies.ReadHistory.class, reading::history);
        offer(ApiMethod.HISTORY_REMOVE, ReadingBodies.OfChannel.class, reading::removeHistory);
        offer(ApiMethod.CHANNELS, ReadingBodies.ListChannels.class, reading::channels);
        offer(ApiMethod.INFO, ReadingBodies.ListNodes.class, reading::info);
    }

    private <Q, R> void offer(ApiMethod method, Class<Q> request, BiFunction<Tenant, Q, Uni<R>> work) {
        commands.put(
                method.word(),
                new Command<>(
                        method,
                        request,
                        (tenant, body) -> work.apply(tenant, body).map(Object.class::cast)));
    }

    /** What a batch may contain. */
    private record Command<Q>(ApiMethod method, Class<Q> request, BiFunction<Tenant, Q, Uni<Object>> work) {

        Uni<Object> carryOut(Tenant tenant, RawJson body, ObjectMapper mapper) {
            return work.apply(tenant, required(read(body, mapper), "the request"));
        }

        private @Nullable Q read(RawJson body, ObjectMapper mapper) {
            try {
                return mapper.readValue(body.utf8(), request);
            } catch (JsonProcessingException e) {
                throw new ApiException(ErrorCode.BAD_REQUEST, JsonProblem.describe(e));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Uni<List<Map<String, Object>>> carryOut(Tenant tenant, Batch batch) {
        var asked = required(batch.commands(), "commands");
        limited(asked.size(), MAX_COMMANDS, "commands");
        var replyBytes = new AtomicLong();
        return Several.inOrder(
                asked, batch.parallel() ? CONCURRENCY : 1, command -> reply(tenant, command, replyBytes));
    }

    private Uni<Map<String, Object>> reply(
            Tenant tenant, @Nullable Map<String, RawJson> command, AtomicLong replyBytes) {
        return Uni.createFrom()
                .deferred(() -> {
                    requireRoom(replyBytes);
                    return carryOut(tenant, only(command));
                })
                .invoke(reply -> reply.values().forEach(result -> count(result, replyBytes)))
                .onFailure()
                .recoverWithItem(failure -> Map.of(ERROR, error(failure)));
    }

    private static void requireRoom(AtomicLong replyBytes) {
        if (replyBytes.get() > MAX_REPLY_BYTES) {
            throw new ApiException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "the replies before this one have more than " + MAX_REPLY_BYTES + " bytes");
        }
    }

    private static void count(Object result, AtomicLong replyBytes) {
        if (result instanceof Sized sized) {
            replyBytes.addAndGet(sized.bytes());
        }
    }

    private static Map.Entry<String, RawJson> only(@Nullable Map<String, RawJson> command) {
        return Optional.ofNullable(command)
                .filter(one -> one.size() == 1)
                .map(one -> one.entrySet().iterator().next())
                .orElseThrow(() -> new ApiException(
                        ErrorCode.BAD_REQUEST, "a command is one method and its request: {\"publish\": {…}}"));
    }

    private Uni<Map<String, Object>> carryOut(Tenant tenant, Map.Entry<String, RawJson> asked) {
        String word = asked.getKey();
        Command<?> command = Optional.<Command<?>>ofNullable(commands.get(word))
                .orElseThrow(() -> new ApiException(ErrorCode.METHOD_NOT_FOUND, word));
        return metrics.measured(command.method(), () -> command.carryOut(tenant, asked.getValue(), mapper))
                .map(result -> Map.of(word, result));
    }

    private static ApiAnswer.Error error(Throwable failure) {
        return switch (failure) {
            case ApiException refusal -> refusal.error();
            case BackplaneUnavailableException unavailable -> UnavailableMapper.error(unavailable);
            default -> {
                LOG.error("A command of a batch failed", failure);
                yield new ApiAnswer.Error(ErrorCode.INTERNAL.code(), ErrorCode.INTERNAL.message());
            }
        };
    }
}
