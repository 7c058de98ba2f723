package io.lightline.simulator.oauth;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OAuthResourceTest {

    private static final String ORG = "00DLL00000000012AA";

    @Test
    void clientCredentialsGetATokenThatNamesItsOrg() {
        clientCredentials("demo-client", "demo-secret")
                .statusCode(200)
                .body("access_token", startsWith("00DLL0000000001!"))
                .body("id", matchesRegex("http://.*/id/" + ORG + "/005\\w{15}"))
                .body("instance_url", startsWith("http://"))
                .body("instance_url", not(endsWith("/")))
                .body("token_type", equalTo("Bearer"))
                .body("$", not(hasKey("expires_in")));
    }

    @Test
    void credentialsMayComeInABasicHeader() {
        given().auth()
                .preemptive()
                .basic("demo-client", "demo-secret")
                .formParam("grant_type", "client_credentials")
                .post("/services/oauth2/token")
                .then()
                .statusCode(200);
    }

    @Test
    void wrongCredentialsAreRefusedInSalesforcesWords() {
        assertError(clientCredentials("nobody", "demo-secret"), "invalid_client_id", "client identifier invalid");
        assertError(clientCredentials("demo-client", "guess"), "invalid_client", "invalid client credentials");
        assertError(
                given().formParam("grant_type", "password")
                        .post("/services/oauth2/token")
                        .then(),
                "unsupported_grant_type",
                "grant type not supported");
        assertError(
                given().formParam("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
                        .formParam("assertion", "nonsense")
                        .post("/services/oauth2/token")
                        .then(),
                "invalid_grant",
                "invalid assertion");
    }

    @Test
    void userInfoTellsWhoseTokenItIs() {
        given().auth()
                .preemptive()
                .oauth2("demo")
                .get("/services/oauth2/userinfo")
                .then()
                .statusCode(200)
                .body("organization_id", equalTo(ORG))
                .body("preferred_username", equalTo("demo@lightline.example"));
    }

    @Test
    void userInfoNeedsAToken() {
        given().get("/services/oauth2/userinfo").then().statusCode(403).body(equalTo("Missing_OAuth_Token"));
        given().auth()
                .preemptive()
                .oauth2("wrong")
                .get("/services/oauth2/userinfo")
                .then()
                .statusCode(403)
                .body(equalTo("Bad_OAuth_Token"));
    }

    @Test
    void aRevokedTokenIsOfNoMoreUse() {
        // given
        String token = clientCredentials("demo-client", "demo-secret").extract().path("access_token");

        // when
        given().queryParam("token", token).get("/services/oauth2/revoke").then().statusCode(204);

        // then
        given().auth()
                .preemptive()
                .oauth2(token)
                .get("/services/oauth2/userinfo")
                .then()
                .statusCode(403);
        assertError(
                given().formParam("token", token)
                        .post("/services/oauth2/revoke")
                        .then(),
                "invalid_token",
                "invalid token");
    }

    private static ValidatableResponse clientCredentials(String id, String secret) {
        return given().formParam("grant_type", "client_credentials")
                .formParam("client_id", id)
                .formParam("client_secret", secret)
                .post("/services/oauth2/token")
                .then();
    }

    private static void assertError(ValidatableResponse response, String error, String description) {
        response.statusCode(400).body("error", equalTo(error)).body("error_description", equalTo(description));
    }
}
