package io.lightline.relay.api;

import io.lightline.relay.api.UserBodies.DisconnectUser;
import io.lightline.relay.api.UserBodies.Done;
import io.lightline.relay.api.UserBodies.InvalidateUserTokens;
import io.lightline.relay.api.UserBodies.RefreshUser;
import io.lightline.relay.api.UserBodies.SubscribeUser;
import io.lightline.relay.api.UserBodies.UnsubscribeUser;
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

/** HTTP for {@link Users}. */
@Path("/api")
@SecurityRequirement(name = ApiKeyFilter.SCHEME)
@Tag(name = "Users")
public final class UserResource {

    private final Users users;
    private final ApiCommands commands;

    UserResource(Users users, ApiCommands commands) {
        this.users = users;
        this.commands = commands;
    }

    @POST
    @Path("/subscribe")
    @Operation(summary = "Put a user's connections on a channel")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "subscribe", value = Examples.SUBSCRIBE)))
    public Uni<ApiAnswer<Done>> subscribe(SubscribeUser request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.SUBSCRIBE, request, users::subscribe);
    }

    @POST
    @Path("/unsubscribe")
    @Operation(summary = "Take a user's connections from a channel")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "unsubscribe", value = Examples.UNSUBSCRIBE)))
    public Uni<ApiAnswer<Done>> unsubscribe(UnsubscribeUser request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.UNSUBSCRIBE, request, users::unsubscribe);
    }

    @POST
    @Path("/disconnect")
    @Operation(summary = "Close a user's connections")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "disconnect", value = Examples.DISCONNECT)))
    public Uni<ApiAnswer<Done>> disconnect(DisconnectUser request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.DISCONNECT, request, users::disconnect);
    }

    @POST
    @Path("/refresh")
    @Operation(summary = "Say when a user's connections end")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "refresh", value = Examples.REFRESH)))
    public Uni<ApiAnswer<Done>> refresh(RefreshUser request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.REFRESH, request, users::refresh);
    }

    @POST
    @Path("/invalidate_user_tokens")
    @Operation(summary = "Make a user's tokens void and close their connections")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples =
                                    @ExampleObject(
                                            name = "invalidate_user_tokens",
                                            value = Examples.INVALIDATE_USER_TOKENS)))
    public Uni<ApiAnswer<Done>> invalidateTokens(
            InvalidateUserTokens request, @Context ContainerRequestContext context) {
        return commands.answer(context, ApiMethod.INVALIDATE_USER_TOKENS, request, users::invalidateTokens);
    }
}
