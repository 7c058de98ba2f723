package io.lightline.simulator.control;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Says why an order is refused. */
class Refusals {

    /** An order that nobody can carry out. */
    static final class WrongOrderException extends RuntimeException {
        WrongOrderException(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }

    @ServerExceptionMapper
    public Response refuse(WrongOrderException refusal) {
        return Response.status(Status.BAD_REQUEST)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("error", Objects.requireNonNullElse(refusal.getMessage(), "wrong order")))
                .build();
    }
}
