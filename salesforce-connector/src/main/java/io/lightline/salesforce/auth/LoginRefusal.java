package io.lightline.salesforce.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * What Salesforce answered instead of a token (RFC 6749 §5.2: {@code {"error": "invalid_grant", "error_description": "user
 * hasn't approved this consumer"}}), and what to do about it.
 *
 * @param error and {@code description} are empty when the answer was not of that form
 */
record LoginRefusal(URI endpoint, int status, String error, String description) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The first that fits, so the particular ones come first; an empty text fits all. */
    private static final List<Advice> ADVICE = List.of(
            new Advice(
                    "",
                    "hasn't approved this consumer",
                    "let the app's policies admit the user: admin approved users are pre-authorized, with a profile or permission"
                            + " set of the user's"),
            new Advice(
                    "",
                    "not admin approved",
                    "let the app's policies admit the user: assign it a profile or permission set of the user's"),
            new Advice(
                    "",
                    "no client credentials user",
                    "choose a user to run as in the app's policies, client credentials flow"),
            new Advice("", "not supported on this domain", "login-url has to be the org's My Domain for this flow"),
            new Advice(
                    "",
                    "audience",
                    "login-url has to be https://login.salesforce.com, https://test.salesforce.com or the My Domain of the org"
                            + " in which the user is"),
            new Advice("", "expired", "compare this machine's clock with the real time"),
            new Advice(
                    "",
                    "assertion",
                    "the app's certificate has to be the one of private-key-file, and username a user of the org"),
            new Advice("", "inactive", "activate the user or the org"),
            new Advice("", "frozen", "unfreeze the user"),
            new Advice("", "ip restricted", "relax the app's IP restrictions, or the user's login hours and IP ranges"),
            new Advice(
                    "invalid_client_id",
                    "",
                    "check client-id, the app's consumer key; a new app takes ten minutes to be known"),
            new Advice(
                    "invalid_client",
                    "",
                    "check the client secret, and that the app has the client credentials flow enabled"),
            new Advice("invalid_grant", "", "check the user's rights, and the app's flow and policies"),
            new Advice("invalid_app_access", "", "let the app's policies admit the user"),
            new Advice("unauthorized_client", "", "enable this flow in the app"),
            new Advice("unsupported_grant_type", "", "enable this flow in the app"),
            new Advice("inactive_org", "", "the org is locked, closed or suspended"),
            new Advice("inactive_user", "", "activate the user"),
            new Advice("rate_limit_exceeded", "", "it passes; fewer logins do, or a longer token-ttl"),
            new Advice("server_error", "", "it passes; see the status page of Salesforce if it does not"),
            new Advice("temporarily_unavailable", "", "it passes; see the status page of Salesforce if it does not"));

    static LoginRefusal of(URI endpoint, int status, String body) {
        try {
            JsonNode answer = JSON.readTree(body);
            return new LoginRefusal(
                    endpoint,
                    status,
                    line(answer.path("error").asText("")),
                    line(answer.path("error_description").asText("")));
        } catch (JsonProcessingException e) {
            return new LoginRefusal(endpoint, status, "", "");
        }
    }

    LoginFailedException failure() {
        String reason = error.isEmpty() ? "" : ": " + error + (description.isEmpty() ? "" : ", " + description);
        return new LoginFailedException(endpoint + " answered " + status + reason + " (" + advice() + ")", passing());
    }

    private boolean passing() {
        return status >= 500
                || status == 429
                || List.of("rate_limit_exceeded", "server_error", "temporarily_unavailable")
                        .contains(error);
    }

    private String advice() {
        if (error.isEmpty()) {
            return status >= 500 || status == 429
                    ? "it passes; see the status page of Salesforce if it does not"
                    : "check login-url: this is not how Salesforce's token endpoint answers";
        }
        return ADVICE.stream()
                .filter(advice -> advice.fits(error, description.toLowerCase(Locale.ROOT)))
                .map(Advice::todo)
                .findFirst()
                .orElse("see the org's login history");
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** What to do when Salesforce says this. */
    private record Advice(String error, String description, String todo) {

        boolean fits(String givenError, String givenDescription) {
            return (error.isEmpty() || error.equals(givenError)) && givenDescription.contains(description);
        }
    }
}
