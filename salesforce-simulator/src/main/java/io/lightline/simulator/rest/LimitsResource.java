package io.lightline.simulator.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lightline.simulator.org.Allocation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the org may still use: of its limits those that have to do with events. */
@Path("/services/data/v{version:\\d+\\.\\d+}/limits")
@Produces(MediaType.APPLICATION_JSON)
class LimitsResource {

    private final Tokens tokens;

    LimitsResource(Tokens tokens) {
        this.tokens = tokens;
    }

    /** One of them. */
    record Limit(
            @JsonProperty("Max") int max,
            @JsonProperty("Remaining") int remaining) {
        static Limit of(Allocation allocation) {
            return new Limit(allocation.max(), allocation.remaining());
        }
    }

    @GET
    public Map<String, Limit> limits(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var org = tokens.session(authorization).org();
        return Map.of(
                "DailyDeliveredPlatformEvents", Limit.of(org.deliveries()),
                "HourlyPublishedPlatformEvents", Limit.of(org.publications()));
    }
}
