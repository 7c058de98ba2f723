package io.lightline.salesforce.auth;

/** There is no token. The message says in one line what happened and what to do about it, and carries no secret. */
public final class LoginFailedException extends RuntimeException {

    private final boolean passing;

    /** @param passing whether trying again soon may help; otherwise somebody has to change something first */
    public LoginFailedException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /** @param passing whether trying again soon may help; otherwise somebody has to change something first */
    public LoginFailedException(String message, boolean passing, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    public boolean passing() {
        return passing;
    }
}
