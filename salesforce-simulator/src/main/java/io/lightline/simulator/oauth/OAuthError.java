package io.lightline.simulator.oauth;

import java.util.Map;

/**
 * Why a token request is refused: Salesforce's error codes and texts.
 *
 * @see <a href="https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm">OAuth 2.0 Authorization
 *     Errors</a>
 */
enum OAuthError {
    UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", "grant type not supported"),
    INVALID_CLIENT_ID("invalid_client_id", "client identifier invalid"),
    INVALID_CLIENT("invalid_client", "invalid client credentials"),
    NO_CLIENT_CREDENTIALS_FLOW("invalid_grant", "no client credentials user enabled"),
    INVALID_ASSERTION("invalid_grant", "invalid assertion"),
    INVALID_AUDIENCE("invalid_grant", "audience is invalid"),
    USER_NOT_APPROVED("invalid_grant", "user hasn't approved this consumer"),
    INVALID_TOKEN("invalid_token", "invalid token");

    private final String code;
    private final String description;

    OAuthError(String code, String description) {
        this.code = code;
        this.description = description;
    }

    String description() {
        return description;
    }

    Map<String, String> body() {
        return Map.of("error", code, "error_description", description);
    }
}
