package io.lightline.relay.api;

import static io.lightline.relay.api.Fields.required;

import io.lightline.relay.api.BatchBodies.Batch;
import io.lightline.relay.api.BatchBodies.BatchAnswer;
import io.lightline.relay.tenant.Tenant;
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

/** HTTP for {@link Batching}. */
@Path("/api")
@SecurityRequirement(name = ApiKeyFilter.SCHEME)
@Tag(name = "Several at once")
public final class BatchResource {

    private final Batching batching;
    private final ApiMetrics metrics;

    BatchResource(Batching batching, ApiMetrics metrics) {
        this.batching = batching;
        this.metrics = metrics;
    }

    @POST
    @Path("/batch")
    @Operation(summary = "Many commands, each with a reply of its own")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "batch", value = Examples.BATCH)))
    public Uni<BatchAnswer> batch(Batch request, @Context ContainerRequestContext context) {
        Tenant tenant = ApiKeyFilter.tenantOf(context);
        return metrics.measured(ApiMethod.BATCH, () -> batching.carryOut(tenant, required(request, "the body")))
                .map(replies -> new BatchAnswer(replies, null))
                .onFailure(ApiException.class)
                .recoverWithItem(refusal -> new BatchAnswer(null, refusal.error()));
    }
}
