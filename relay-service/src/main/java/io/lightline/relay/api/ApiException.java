package io.lightline.relay.api;

import io.lightline.relay.protocol.ErrorCode;

/** A request to the server API that cannot be carried out; becomes the error of the answer. */
final class ApiException extends RuntimeException {

    private final ErrorCode code;

    ApiException(ErrorCode code, String detail) {
        super(detail.isEmpty() ? code.message() : code.message() + ": " + detail);
        this.code = code;
    }

    ApiAnswer.Error error() {
        return new ApiAnswer.Error(code.code(), String.valueOf(getMessage()));
    }
}
