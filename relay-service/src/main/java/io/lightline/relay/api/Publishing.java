package io.lightline.relay.api;

import static io.lightline.relay.api.Fields.limited;
import static io.lightline.relay.api.Fields.required;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Draft;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.platform.TraceTag;
import io.lightline.relay.api.PublishingBodies.Broadcast;
import io.lightline.relay.api.PublishingBodies.Broadcasted;
import io.lightline.relay.api.PublishingBodies.Content;
import io.lightline.relay.api.PublishingBodies.Publish;
import io.lightline.relay.api.PublishingBodies.Published;
import io.lightline.relay.filter.Notices;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Tenant;
import io.lightline.relay.wayback.WayBack;
import io.lightline.relay.wayback.WayBackAnswer;
import io.opentelemetry.api.trace.Span;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The methods that publish. Nothing blocks; a refusal is an {@link ApiException}. */
@Singleton
final class Publishing {

    /** Channels of one broadcast. */
    private static final int MAX_CHANNELS = 1_000;

    /** Characters of one idempotency key: each is kept for some minutes. */
    private static final int MAX_KEY_LENGTH = 255;

    /** Publications of one broadcast under way at once: the clients of this pod publish too. */
    private static final int CONCURRENCY = 64;

    private final Backplane backplane;
    private final ApiChannels channels;
    private final InstantSource clock;
    private final ObjectMapper mapper;

    Publishing(Backplane backplane, ApiChannels channels, InstantSource clock, ObjectMapper mapper) {
        this.backplane = backplane;
        this.channels = channels;
        this.clock = clock;
        this.mapper = mapper;
    }

    Uni<Published> publish(Tenant tenant, Publish request) {
        return publish(tenant, request.channel(), request, draft(request));
    }

    Uni<Broadcasted> broadcast(Tenant tenant, Broadcast request) {
        List<String> names = required(request.channels(), "channels");
        limited(names.size(), MAX_CHANNELS, "channels");
        Draft draft = draft(request);
        return Several.inOrder(names, CONCURRENCY, channel -> attempt(() -> publish(tenant, channel, request, draft)))
                .map(Publishing::broadcasted);
    }

    /** One channel of a broadcast: with a failure, the answer tells of it. */
    private record Attempt(ApiAnswer<Published> answer, Optional<BackplaneUnavailableException> failure) {

        static Attempt failed(BackplaneUnavailableException failure) {
            return new Attempt(ApiAnswer.failed(UnavailableMapper.error(failure)), Optional.of(failure));
        }
    }

    private static Uni<Attempt> attempt(Supplier<Uni<? extends Published>> work) {
        return ApiAnswer.<Published>from(work)
                .map(answer -> new Attempt(answer, Optional.empty()))
                .onFailure(BackplaneUnavailableException.class)
                .recoverWithItem(Attempt::failed);
    }

    /** Fails as a whole only if no channel is known to have got it, so that it may be tried again as a whole. */
    private static Broadcasted broadcasted(List<Attempt> attempts) {
        if (attempts.stream().allMatch(attempt -> attempt.answer().result() == null)) {
            attempts.stream()
                    .flatMap(attempt -> attempt.failure().stream())
                    .findFirst()
                    .ifPresent(failure -> {
                        throw failure;
                    });
        }
        return new Broadcasted(attempts.stream().map(Attempt::answer).toList());
    }

    private Uni<Published> publish(Tenant tenant, @Nullable String channel, Content content, Draft draft) {
        Verdict.Granted granted = channels.granted(tenant, channel);
        if (granted.rules().salesforcePublish()) {
            return publishToSalesforce(granted.channel(), content, draft);
        }
        Retention retention =
                content.skipHistory() ? Retention.NONE : granted.rules().retention();
        var options = new PublishOptions(retention, idempotencyKey(content));
        if (options.idempotencyKey().isPresent() && !retention.keeps()) {
            throw new ApiException(
                    ErrorCode.BAD_REQUEST,
                    "idempotency_key needs a channel with history, and "
                            + granted.channel().name() + " has none");
        }
        return backplane.publish(granted.channel(), draft, options).map(Published::at);
    }

    /** An idempotency key makes the event's id, so the same key is the same event, wherever it is said. */
    private Uni<Published> publishToSalesforce(ChannelName channel, Content content, Draft draft) {
        if (content.skipHistory() || tagged(content)) {
            throw new ApiException(
                    ErrorCode.BAD_REQUEST,
                    "an event for Salesforce has no tags and no skip_history: " + channel.name());
        }
        UUID id = idempotencyKey(content)
                .map(key -> UUID.nameUUIDFromBytes((channel + " " + key).getBytes(StandardCharsets.UTF_8)))
                .orElseGet(UUID::randomUUID);
        return new WayBack(backplane).publish(channel, id, draft.data()).map(answer -> switch (answer) {
            case WayBackAnswer.Taken(var replayId) -> Published.toSalesforce(replayId);
            case WayBackAnswer.Failed(var code, var detail) -> throw new ApiException(code, detail);
        });
    }

    private static boolean tagged(Content content) {
        return content.tags() != null && !content.tags().isEmpty();
    }

    private static Optional<String> idempotencyKey(Content content) {
        Optional<String> key = Optional.ofNullable(content.idempotencyKey());
        key.ifPresent(text -> limited(text.length(), MAX_KEY_LENGTH, "characters of an idempotency_key"));
        return key;
    }

    private Draft draft(Content content) {
        RawJson data = content.b64data() == null ? content.data() : decoded(content.b64data());
        Map<String, String> tags = Optional.ofNullable(content.tags()).orElse(Map.of());
        tags.forEach((tag, value) -> required(value, "tags." + tag));
        for (String own : List.of(Notices.TAG, TraceTag.NAME)) {
            if (tags.containsKey(own)) {
                throw new ApiException(ErrorCode.BAD_REQUEST, "tags." + own + " is Lightline's own");
            }
        }
        var traced = TraceTag.on(tags, Span.current().getSpanContext());
        return new Draft(required(data, "data"), null, traced, clock.instant());
    }

    private RawJson decoded(String base64) {
        try {
            byte[] json = Base64.getDecoder().decode(base64);
            return mapper.readValue(json, RawJson.class);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "b64data is not base64");
        } catch (JsonProcessingException e) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "b64data is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
