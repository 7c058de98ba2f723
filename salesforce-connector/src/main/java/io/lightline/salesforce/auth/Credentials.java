package io.lightline.salesforce.auth;

import java.net.URI;
import java.nio.file.Path;

/** How to get a token. Files are read at each login, so that a secret can be changed without a restart. */
public sealed interface Credentials {

    /**
     * OAuth 2.0 client credentials; the org runs us as the user that its app names.
     *
     * @param loginUrl the org's My Domain: Salesforce does not offer this flow elsewhere
     */
    record ClientCredentials(URI loginUrl, String clientId, Secret clientSecret) implements Credentials {}

    /**
     * OAuth 2.0 JWT bearer, signed with RS256.
     *
     * @param loginUrl where to log in, and the audience of the assertion
     * @param privateKey PEM file whose certificate the org's app knows
     */
    record JwtBearer(URI loginUrl, String clientId, String username, Path privateKey) implements Credentials {}

    /** A token that somebody else has got, for a simulator or a trial; it is never renewed. */
    record FixedToken(Token token) implements Credentials {}

    /** A text that is shown to nobody. */
    sealed interface Secret {

        /** Written in the configuration. */
        record Literal(String value) implements Secret {
            @Override
            public String toString() {
                return "***";
            }
        }

        /** The content of a file, without white space around it. */
        record InFile(Path file) implements Secret {}
    }
}
