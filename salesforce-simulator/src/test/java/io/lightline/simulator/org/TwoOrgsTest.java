package io.lightline.simulator.org;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A second org beside the demo org, with an event that an Avro file defines. */
@QuarkusTest
@TestProfile(TwoOrgsTest.SecondOrg.class)
class TwoOrgsTest {

    private static final String SOBJECTS = "/services/data/v62.0/sobjects/";

    /** What a user writes into a configuration of their own. */
    public static class SecondOrg implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "lightline.simulator.orgs.acme.org-id", "00DLL00000000022AA",
                    "lightline.simulator.orgs.acme.users", "bot@acme.example",
                    "lightline.simulator.orgs.acme.client-id", "acme-client",
                    "lightline.simulator.orgs.acme.tokens", "acme",
                    "lightline.simulator.orgs.acme.events.Ping__e.schema", "src/test/resources/Ping__e.avsc");
        }
    }

    @Test
    void anEventOfAnAvroFileIsPublished() {
        // when
        post("acme", "Ping__e", "{\"At__c\": \"1970-01-01T00:00:01.000+0000\"}", 201);

        // then
        given().queryParam("topic", "/event/Ping__e")
                .get("/simulator/orgs/acme/events")
                .then()
                .body("[0].data.At__c", equalTo(1000));
    }

    @Test
    void anOrgsTokenOpensOnlyItsOwnOrg() {
        // when
        post("acme", "Order__e", "{}", 404);
        post("demo", "Ping__e", "{}", 404);
        post("demo", "Order__e", "{}", 201);

        // then
        given().get("/simulator/orgs/acme/events").then().body("findAll { it.topic == '/event/Order__e' }", empty());
    }

    @Test
    void anOrgWithoutASecretHasNoClientCredentials() {
        given().formParam("grant_type", "client_credentials")
                .formParam("client_id", "acme-client")
                .formParam("client_secret", "")
                .post("/services/oauth2/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_grant"));
    }

    private static void post(String token, String object, String body, int status) {
        given().auth()
                .preemptive()
                .oauth2(token)
                .body(body)
                .post(SOBJECTS + object)
                .then()
                .statusCode(status);
    }
}
