package io.lightline.relay.filter;

/** A filter that cannot be understood. The message says what is wrong with it. */
public final class InvalidFilterException extends Exception {
    InvalidFilterException(String message) {
        super(message);
    }
}
