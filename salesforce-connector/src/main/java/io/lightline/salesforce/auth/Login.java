package io.lightline.salesforce.auth;

/** Gets a new token. Blocks; may be called from any thread. */
@FunctionalInterface
public interface Login {

    /** @throws LoginFailedException when there is no token to be had now */
    Token login();
}
