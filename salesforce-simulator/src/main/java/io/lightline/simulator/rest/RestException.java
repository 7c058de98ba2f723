package io.lightline.simulator.rest;

import jakarta.ws.rs.core.Response.Status;

/** A refused REST request, as Salesforce says it. */
final class RestException extends RuntimeException {

    private final Status status;
    private final String errorCode;

    private RestException(Status status, String errorCode, String message) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    static RestException invalidSession() {
        return new RestException(Status.UNAUTHORIZED, "INVALID_SESSION_ID", "Session expired or invalid");
    }

    static RestException notFound() {
        return new RestException(Status.NOT_FOUND, "NOT_FOUND", "The requested resource does not exist");
    }

    static RestException entityIsDeleted() {
        return new RestException(Status.NOT_FOUND, "ENTITY_IS_DELETED", "entity is deleted");
    }

    static RestException malformed(String detail) {
        return new RestException(Status.BAD_REQUEST, "JSON_PARSER_ERROR", detail);
    }

    static RestException malformedQuery() {
        return new RestException(
                Status.BAD_REQUEST,
                "MALFORMED_QUERY",
                "The simulator only answers queries of ManagedEventSubscription");
    }

    static RestException methodNotAllowed(String method) {
        return new RestException(
                Status.METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                "HTTP Method '" + method + "' not allowed. Allowed are POST");
    }

    Status status() {
        return status;
    }

    String errorCode() {
        return errorCode;
    }
}
