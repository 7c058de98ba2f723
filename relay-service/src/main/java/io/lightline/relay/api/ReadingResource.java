package io.lightline.relay.api;

import io.lightline.relay.api.ReadingBodies.ChannelsListed;
import io.lightline.relay.api.ReadingBodies.HistoryRead;
import io.lightline.relay.api.ReadingBodies.ListChannels;
import io.lightline.relay.api.ReadingBodies.ListNodes;
import io.lightline.relay.api.ReadingBodies.NodesListed;
import io.lightline.relay.api.ReadingBodies.OfChannel;
import io.lightline.relay.api.ReadingBodies.PresenceCounted;
import io.lightline.relay.api.ReadingBodies.PresenceRead;
import io.lightline.relay.api.ReadingBodies.ReadHistory;
import io.lightline.relay.api.UserBodies.Done;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** HTTP for {@link Reading}. */
@Path("/api")
@SecurityRequirement(name = ApiKeyFilter.SCHEME)
@Tag(name = "Reading")
public final class ReadingResource {

    private final Reading reading;
    private final ApiCommands commands;

    ReadingResource(Reading reading, ApiCommands commands) {
        this.reading = reading;
        this.commands = commands;
    }

    @POST
    @Path("/history")
    @Operation(summary = "Read what a channel keeps, or just its position")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "history", value = Examples.HISTORY)))
    public Uni<ApiAnswer<HistoryRead>> history(ReadHistory request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.HISTORY, request, reading::history);
    }

    @POST
    @Path("/history_remove")
    @Operation(summary = "Forget what a channel keeps, but not its position")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "history_remove", value = Examples.CHANNEL)))
    public Uni<ApiAnswer<Done>> removeHistory(OfChannel request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.HISTORY_REMOVE, request, reading::removeHistory);
    }

    @POST
    @Path("/presence")
    @Operation(summary = "Who is on a channel")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "presence", value = Examples.CHANNEL)))
    public Uni<ApiAnswer<PresenceRead>> presence(OfChannel request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.PRESENCE, request, reading::presence);
    }

    @POST
    @Path("/presence_stats")
    @Operation(summary = "How many clients and users are on a channel")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "presence_stats", value = Examples.CHANNEL)))
    public Uni<ApiAnswer<PresenceCounted>> presenceStats(OfChannel request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.PRESENCE_STATS, request, reading::presenceStats);
    }

    @POST
    @Path("/channels")
    @Operation(summary = "Which channels have subscribers, on all pods")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "channels", value = Examples.CHANNELS)))
    public Uni<ApiAnswer<ChannelsListed>> channels(ListChannels request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.CHANNELS, request, reading::channels);
    }

    @POST
    @Path("/info")
    @Operation(summary = "Which pods are alive, and how much of them you use")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "info", value = Examples.NOTHING)))
    public Uni<ApiAnswer<NodesListed>> info(ListNodes request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.INFO, request, reading::info);
    }
}
