package io.lightline.salesforce.auth;

/** Salesforce gave no token. The message says what Salesforce answered and carries no secret. */
public final class LoginFailedException extends RuntimeException {

    public LoginFailedException(String message) {
        super(message);
    }

    public LoginFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
