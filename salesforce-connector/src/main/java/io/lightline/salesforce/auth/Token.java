package io.lightline.salesforce.auth;

import java.net.URI;

/**
 * What every call to Salesforce carries.
 *
 * @param accessToken secret
 * @param instanceUrl the org's My Domain, as the login answered it
 * @param tenantId the org's id
 * @param userId whose token it is; {@link #NOBODY} when the login does not tell
 */
public record Token(String accessToken, URI instanceUrl, String tenantId, String userId) {

    /** Salesforce's id of nothing. */
    public static final String NOBODY = "000000000000000AAA";

    public Token(String accessToken, URI instanceUrl, String tenantId) {
        this(accessToken, instanceUrl, tenantId, NOBODY);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[" + tenantId + " at " + instanceUrl + "]";
    }
}
