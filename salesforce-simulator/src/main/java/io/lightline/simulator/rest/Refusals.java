package io.lightline.simulator.rest;

import io.lightline.simulator.event.InvalidFieldException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** How the REST API says no. */
class Refusals {

    @ServerExceptionMapper
    public Response refuse(RestException refusal) {
        return refusal(refusal.status(), Map.of("errorCode", refusal.errorCode(), "message", text(refusal)));
    }

    @ServerExceptionMapper
    public Response refuse(InvalidFieldException refusal) {
        return refusal(
                Status.BAD_REQUEST,
                refusal.fields().isEmpty()
                        ? Map.of("errorCode", refusal.errorCode(), "message", text(refusal))
                        : Map.of(
                                "errorCode",
                                refusal.errorCode(),
                                "message",
                                text(refusal),
                                "fields",
                                refusal.fields()));
    }

    /** Salesforce answers errors as a list, even a single one. */
    private static Response refusal(Status status, Map<String, Object> error) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(List.of(error))
                .build();
    }

    private static String text(RuntimeException refusal) {
        return Optional.ofNullable(refusal.getMessage()).orElse("");
    }
}
