package io.lightline.relay.api;

import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.relay.protocol.ErrorCode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** No backplane: the caller should try again, and an HTTP client knows so by the status. */
@Singleton
final class UnavailableMapper {

    @ServerExceptionMapper
    Response unavailable(BackplaneUnavailableException failure) {
        var error = new ApiAnswer.Error(ErrorCode.INTERNAL.code(), String.valueOf(failure.getMessage()));
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header("Retry-After", "1")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ApiAnswer.failed(error))
                .build();
    }
}
