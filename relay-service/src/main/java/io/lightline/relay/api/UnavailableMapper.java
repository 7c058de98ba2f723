package io.lightline.relay.api;

import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.relay.protocol.ErrorCode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** No backplane: the caller should try again, and an HTTP client knows so by the status. */
@Singleton
final class UnavailableMapper {

    private static final Logger LOG = Logger.getLogger(UnavailableMapper.class);

    @ServerExceptionMapper
    Response unavailable(BackplaneUnavailableException failure) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header("Retry-After", "1")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ApiAnswer.failed(error(failure)))
                .build();
    }

    static ApiAnswer.Error error(BackplaneUnavailableException failure) {
        // Its message names hosts, which are not the caller's business.
        LOG.debugf("Backplane unavailable to the server API: %s", failure.getMessage());
        return new ApiAnswer.Error(ErrorCode.INTERNAL.code(), "the backplane is unavailable, try again");
    }
}
