package io.lightline.relay.api;

import io.lightline.relay.protocol.ErrorCode;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** For whoever has mistyped a method: says which there are. */
@Path("/api")
public final class UnknownMethodResource {

    @POST
    @Path("/{method}")
    @Operation(hidden = true)
    public Response unknown(@PathParam("method") String method) {
        var refusal = new ApiException(
                ErrorCode.METHOD_NOT_FOUND, method + " is none of " + String.join(", ", ApiMethod.words()));
        return Response.status(Response.Status.NOT_FOUND)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ApiAnswer.failed(refusal.error()))
                .build();
    }
}
