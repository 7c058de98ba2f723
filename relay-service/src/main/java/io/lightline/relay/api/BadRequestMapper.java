package io.lightline.relay.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.lightline.relay.protocol.ErrorCode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Requests that no method could read: HTTP's status says so, and the body has an error like every other refusal. */
@Singleton
final class BadRequestMapper {

    @ServerExceptionMapper
    Response unfit(MismatchedInputException problem) {
        return noJson(problem);
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException refusal) {
        if (refusal.getCause() instanceof JsonProcessingException problem) {
            return noJson(problem);
        }
        Response http = refusal.getResponse();
        return answer(Response.fromResponse(http), explained(http.getStatus()));
    }

    private static ApiException explained(int status) {
        return switch (status) {
            case 404, 405 -> new ApiException(ErrorCode.METHOD_NOT_FOUND, "there is POST /api/<method>");
            case 413 -> new ApiException(ErrorCode.LIMIT_EXCEEDED, "the body is too large");
            case 415 -> new ApiException(ErrorCode.BAD_REQUEST, "Content-Type is not " + MediaType.APPLICATION_JSON);
            default -> new ApiException(status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL, "");
        };
    }

    private static Response noJson(JsonProcessingException problem) {
        return answer(
                Response.status(Response.Status.BAD_REQUEST),
                new ApiException(ErrorCode.BAD_REQUEST, JsonProblem.describe(problem)));
    }

    private static Response answer(Response.ResponseBuilder response, ApiException refusal) {
        return response.type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ApiAnswer.failed(refusal.error()))
                .build();
    }
}
