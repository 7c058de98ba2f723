package io.lightline.relay.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.Backplane;
import io.lightline.backplane.Draft;
import io.lightline.backplane.HistoryQuery;
import io.lightline.backplane.Position;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.backplane.Retention;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.session.SessionConfig;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeIn;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.jspecify.annotations.Nullable;

/**
 * Publishing and reading from a back end, with a tenant's API key. Bodies are those of Centrifugo's server API: an answer has a
 * {@code result} or an {@code error} and HTTP status 200; 400 is no JSON, 401 no key, 503 no backplane. Nothing blocks.
 */
@Path("/api")
@SecurityScheme(
        securitySchemeName = "api-key",
        type = SecuritySchemeType.APIKEY,
        apiKeyName = ApiKeyFilter.HEADER,
        in = SecuritySchemeIn.HEADER)
@SecurityRequirement(name = "api-key")
public final class ServerApi {

    /** Channels of one broadcast. */
    private static final int MAX_CHANNELS = 1_000;

    /** Publications of one broadcast under way at once: the clients of this pod publish too. */
    private static final int CONCURRENCY = 64;

    private final Backplane backplane;
    private final ChannelAuthorizer channels;
    private final SessionConfig config;
    private final InstantSource clock;
    private final ObjectMapper mapper;

    ServerApi(
            Backplane backplane,
            ChannelAuthorizer channels,
            SessionConfig config,
            InstantSource clock,
            ObjectMapper mapper) {
        this.backplane = backplane;
        this.channels = channels;
        this.config = config;
        this.clock = clock;
        this.mapper = mapper;
    }

    @POST
    @Path("/publish")
    @Operation(summary = "Publish to a channel")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "publish",
                                            value = "{\"channel\": \"chat:room\", \"data\": {\"text\": \"hello\"}}")))
    public Uni<ApiAnswer<Api.Published>> publish(Api.Publish request, @Context ContainerRequestContext context) {
        return answer(() -> publish(context, request.channel(), request, draft(request)));
    }

    @POST
    @Path("/broadcast")
    @Operation(summary = "Publish the same to many channels")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "broadcast",
                                            value =
                                                    "{\"channels\": [\"chat:a\", \"chat:b\"], \"data\": {\"text\": \"hello\"}}")))
    public Uni<ApiAnswer<Api.Broadcasted>> broadcast(Api.Broadcast request, @Context ContainerRequestContext context) {
        return answer(() -> {
            List<String> names = required(request.channels(), "channels");
            if (names.size() > MAX_CHANNELS) {
                throw new ApiException(
                        ErrorCode.LIMIT_EXCEEDED, names.size() + " channels, more than " + MAX_CHANNELS + " at once");
            }
            if (names.isEmpty()) {
                return Uni.createFrom().item(new Api.Broadcasted(List.of()));
            }
            Draft draft = draft(request);
            return Uni.join()
                    .all(names.stream()
                            .map(channel ->
                                    ServerApi.<Api.Published>answer(() -> publish(context, channel, request, draft)))
                            .toList())
                    .usingConcurrencyOf(CONCURRENCY)
                    .andFailFast()
                    .map(Api.Broadcasted::new);
        });
    }

    @POST
    @Path("/history")
    @Operation(summary = "Read what a channel keeps, or just its position")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "history",
                                            value = "{\"channel\": \"chat:room\", \"limit\": 10}")))
    public Uni<ApiAnswer<Api.HistoryResult>> history(
            Api.HistoryRequest request, @Context ContainerRequestContext context) {
        return answer(() -> {
            Verdict.Granted granted = granted(context, request.channel());
            if (!granted.rules().retention().keeps()) {
                throw new ApiException(
                        ErrorCode.NOT_AVAILABLE, granted.channel().name() + " keeps no history");
            }
            int limit = request.limit() < 0 ? config.historyLimit() : Math.min(request.limit(), config.historyLimit());
            Position since = since(request.since());
            return backplane
                    .history(granted.channel(), new HistoryQuery(since, limit, request.reverse()))
                    .map(history -> {
                        if (since != null
                                && !since.epoch().isEmpty()
                                && !since.epoch().equals(history.top().epoch())) {
                            throw new ApiException(ErrorCode.UNRECOVERABLE_POSITION, "");
                        }
                        return Api.HistoryResult.of(history);
                    });
        });
    }

    @POST
    @Path("/info")
    @Operation(summary = "The relay pods that are alive")
    public Uni<ApiAnswer<Api.Info>> info() {
        return answer(() -> backplane
                .nodes()
                .map(nodes -> new Api.Info(nodes.stream().map(Api.Node::of).toList())));
    }

    private Uni<Api.Published> publish(
            ContainerRequestContext context, @Nullable String channel, Api.Content content, Draft draft) {
        Verdict.Granted granted = granted(context, channel);
        Retention retention =
                content.skipHistory() ? Retention.NONE : granted.rules().retention();
        var options = new PublishOptions(retention, Optional.ofNullable(content.idempotencyKey()));
        if (options.idempotencyKey().isPresent() && !retention.keeps()) {
            throw new ApiException(
                    ErrorCode.BAD_REQUEST,
                    "idempotency_key needs a channel with history, and "
                            + granted.channel().name() + " has none");
        }
        return backplane.publish(granted.channel(), draft, options).map(Api.Published::at);
    }

    private Verdict.Granted granted(ContainerRequestContext context, @Nullable String channel) {
        String name = required(channel, "channel");
        return switch (channels.decideForServer(ApiKeyFilter.tenantOf(context), name)) {
            case Verdict.Granted granted -> granted;
            case Verdict.Unknown _, Verdict.Denied _, Verdict.NotAvailable _ ->
                throw new ApiException(ErrorCode.UNKNOWN_CHANNEL, name);
        };
    }

    private Draft draft(Api.Content content) {
        RawJson data = content.b64data() == null ? content.data() : decoded(content.b64data());
        return new Draft(
                required(data, "data"),
                null,
                Optional.ofNullable(content.tags()).orElse(Map.of()),
                clock.instant());
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

    private static @Nullable Position since(Api.@Nullable Since since) {
        if (since == null) {
            return null;
        }
        if (since.offset() < 0) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "since.offset is negative: " + since.offset());
        }
        return new Position(since.offset(), Optional.ofNullable(since.epoch()).orElse(""));
    }

    private static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new ApiException(ErrorCode.BAD_REQUEST, field + " is missing");
        }
        return value;
    }

    /** A refusal is an answer like any other; an unreachable backplane is not. */
    private static <T> Uni<ApiAnswer<T>> answer(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom()
                .deferred(work)
                .map(ApiAnswer::of)
                .onFailure(ApiException.class)
                .recoverWithItem(refusal -> ApiAnswer.failed(refusal.error()));
    }
}
