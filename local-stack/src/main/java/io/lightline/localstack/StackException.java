package io.lightline.localstack;

/** The stack cannot run; the reason is for a person at a terminal. */
public final class StackException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String reason;

    StackException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
