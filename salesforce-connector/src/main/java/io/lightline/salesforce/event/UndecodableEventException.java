package io.lightline.salesforce.event;

/**
 * An event cannot be read and never will be: Salesforce does not check what publishers write. The message carries nothing of
 * the payload.
 */
public final class UndecodableEventException extends RuntimeException {

    public UndecodableEventException(String message, Throwable cause) {
        super(message, cause);
    }

    public UndecodableEventException(String message) {
        super(message);
    }
}
