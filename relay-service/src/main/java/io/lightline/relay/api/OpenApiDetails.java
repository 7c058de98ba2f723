package io.lightline.relay.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Says in the OpenAPI document what all methods have in common, and what {@link io.lightline.backplane.RawJson} looks like outside. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class OpenApiDetails implements OASFilter {

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getComponents().addSchema("RawJson", OASFactory.createSchema().description("any JSON value"));
        document.getPaths().getPathItems().values().stream()
                .map(PathItem::getPOST)
                .forEach(method -> addRefusals(method.getResponses()));
    }

    private static void addRefusals(APIResponses responses) {
        responses
                .addAPIResponse("400", refusal("no JSON, or not what the method takes: the error names the place"))
                .addAPIResponse("401", refusal("no API key, or one that nobody has"))
                .addAPIResponse("413", refusal("more than quarkus.http.limits.max-body-size"))
                .addAPIResponse("415", refusal("Content-Type is not application/json"))
                .addAPIResponse("503", refusal("the backplane is out of reach: try again after Retry-After seconds"));
    }

    private static APIResponse refusal(String description) {
        return OASFactory.createAPIResponse().description(description);
    }
}
