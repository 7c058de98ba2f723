package io.lightline.salesforce.auth;

import java.net.URI;

/**
 * What every call to Salesforce carries.
 *
 * @param accessToken secret
 * @param instanceUrl the org's My Domain, as the login answered it
 * @param tenantId the org's id
 */
public record Token(String accessToken, URI instanceUrl, String tenantId) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[" + tenantId + " at " + instanceUrl + "]";
    }
}
