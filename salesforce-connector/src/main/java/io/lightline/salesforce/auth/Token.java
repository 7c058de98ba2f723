package io.lightline.salesforce.auth;

import java.net.URI;

/**
 * What every call to Salesforce carries.
 *
 * @param accessToken secret
 * @param instanceUrl the org's My Domain, as the login answered it
 * @param tenantId the org's id of 18 characters: one of 15, which the Pub/Sub API does not take, is completed
 * @param userId whose token it is; {@link #NOBODY} when the login does not tell
 */
public record Token(String accessToken, URI instanceUrl, String tenantId, String userId) {

    /** Salesforce's id of nothing. */
    public static final String NOBODY = "000000000000000AAA";

    private static final int SHORT_ID = 15;
    private static final int CHUNK = 5;
    private static final String CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    public Token {
        tenantId = tenantId.length() == SHORT_ID ? tenantId + checksum(tenantId) : tenantId;
    }

    public Token(String accessToken, URI instanceUrl, String tenantId) {
        this(accessToken, instanceUrl, tenantId, NOBODY);
    }

    /** Salesforce's own: a letter or digit for each five characters, which tells where capitals are. */
    private static String checksum(String id) {
        var checksum = new StringBuilder();
        for (int begin = 0; begin < id.length(); begin += CHUNK) {
            int capitals = 0;
            for (int i = 0; i < CHUNK; i++) {
                capitals |= Character.isUpperCase(id.charAt(begin + i)) ? 1 << i : 0;
            }
            checksum.append(CHECKSUM.charAt(capitals));
        }
        return checksum.toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[" + tenantId + " at " + instanceUrl + "]";
    }
}
