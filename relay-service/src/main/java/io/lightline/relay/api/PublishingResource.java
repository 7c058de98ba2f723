package io.lightline.relay.api;

import io.lightline.relay.api.PublishingBodies.Broadcast;
import io.lightline.relay.api.PublishingBodies.Broadcasted;
import io.lightline.relay.api.PublishingBodies.Publish;
import io.lightline.relay.api.PublishingBodies.Published;
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

/** HTTP for {@link Publishing}. */
@Path("/api")
@SecurityRequirement(name = ApiKeyFilter.SCHEME)
@Tag(name = "Publishing")
public final class PublishingResource {

    private final Publishing publishing;
    private final ApiCommands commands;

    PublishingResource(Publishing publishing, ApiCommands commands) {
        this.publishing = publishing;
        this.commands = commands;
    }

    @POST
    @Path("/publish")
    @Operation(summary = "Publish to a channel")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "publish", value = Examples.PUBLISH)))
    public Uni<ApiAnswer<Published>> publish(Publish request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.PUBLISH, request, publishing::publish);
    }

    @POST
    @Path("/broadcast")
    @Operation(summary = "Publish the same to many channels")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "broadcast", value = Examples.BROADCAST)))
    public Uni<ApiAnswer<Broadcasted>> broadcast(Broadcast request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.BROADCAST, request, publishing::broadcast);
    }
}
