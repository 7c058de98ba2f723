package io.lightline.simulator.oauth;

/** A refused token request, in Salesforce's words. */
final class OAuthException extends RuntimeException {

    private final OAuthError error;

    OAuthException(OAuthError error) {
        super(error.description());
        this.error = error;
    }

    OAuthError error() {
        return error;
    }
}
