package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;

/** The relay answered a command with an error. */
final class RelayErrorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;

    RelayErrorException(String command, JsonNode error) {
        super(command + " was answered with " + error);
        this.code = error.path("code").asInt();
    }

    int code() {
        return code;
    }
}
