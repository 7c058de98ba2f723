package io.lightline.backplane;

/**
 * The backplane cannot be reached or cannot take more. The call may be tried again later; a publication that failed so may
 * or may not have happened (use an idempotency key to find out).
 */
public final class BackplaneUnavailableException extends RuntimeException {

    public BackplaneUnavailableException(String message) {
        super(message);
    }

    public BackplaneUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
