package io.lightline.simulator.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SobjectResourceTest {

    private static final String SOBJECTS = "/services/data/v62.0/sobjects/";

    @Test
    void publishingAnswersWithTheEventsUuidThatTheBusKnows() {
        // when
        String uuid = post("Order__e", "{\"OrderNumber__c\": \"A-1\", \"Amount__c\": 12.5}")
                .statusCode(201)
                .body("success", equalTo(true))
                .body("id", equalTo("e01xx0000000001AAA"))
                .body("errors[0].statusCode", equalTo("OPERATION_ENQUEUED"))
                .extract()
                .path("errors[0].message");

        // then
        given().queryParam("topic", "/event/Order__e")
                .get("/simulator/orgs/demo/events")
                .then()
                .statusCode(200)
                .body("id", hasItem(uuid))
                .body("find { it.id == '" + uuid + "' }.data.OrderNumber__c", equalTo("A-1"))
                .body("find { it.id == '" + uuid + "' }.data.Amount__c", equalTo(12.5f))
                .body("find { it.id == '" + uuid + "' }.replayIdHex.length()", equalTo(20));
    }

    @Test
    void severalEventsAreTakenByOneCallAndEachHasItsAnswer() {
        var call = caller().body("""
                        {"allOrNone": false, "records": [
                          {"attributes": {"type": "Order__e"}, "OrderNumber__c": "M-1"},
                          {"attributes": {"type": "Order__e"}, "Nope__c": "M-2"},
                          {"attributes": {"type": "LoginEventStream"}, "Username": "M-3"},
                          {"attributes": {"type": "Order__e"}, "OrderNumber__c": "M-4"}]}
                        """).contentType(ContentType.JSON);

        // when
        var answer = call.post("/services/data/v66.0/composite/sobjects").then().statusCode(200);

        // then
        answer.body("success", equalTo(List.of(true, false, false, true)))
                .body("[1].errors[0].statusCode", equalTo("INVALID_FIELD"))
                .body("[2].errors[0].statusCode", equalTo("INVALID_TYPE"));
        given().queryParam("topic", "/event/Order__e")
                .get("/simulator/orgs/demo/events")
                .then()
                .body("id", hasItem(answer.extract().<String>path("[0].errors[0].message")))
                .body("id", hasItem(answer.extract().<String>path("[3].errors[0].message")));
    }

    @Test
    void refusalsAreListsAsSalesforceMakesThem() {
        assertError(post("Order__e", "{\"Nope__c\": 1}"), 400, "INVALID_FIELD");
        assertError(post("Order__e", "{\"Amount__c\": \"much\"}"), 400, "JSON_PARSER_ERROR");
        assertError(post("Order__e", "nonsense"), 400, "JSON_PARSER_ERROR");
        assertError(post("Order__e", ""), 400, "JSON_PARSER_ERROR");
        assertError(post("Nope__e", "{}"), 404, "NOT_FOUND");
        assertError(post("Account", "{}"), 400, "REQUIRED_FIELD_MISSING");
        assertError(
                caller().body("{}")
                        .patch(SOBJECTS + "Order__e/e01xx0000000001AAA")
                        .then(),
                405,
                "METHOD_NOT_ALLOWED");
        assertError(
                caller().body("{}")
                        .patch(SOBJECTS + "Account/001fj000009DcVJAA0")
                        .then(),
                404,
                "NOT_FOUND");
    }

    @Test
    void withoutAValidTokenNothingIsPossible() {
        assertError(given().body("{}").post(SOBJECTS + "Order__e").then(), 401, "INVALID_SESSION_ID");
        assertError(
                given().auth()
                        .preemptive()
                        .oauth2("wrong")
                        .body("{}")
                        .post(SOBJECTS + "Order__e")
                        .then(),
                401,
                "INVALID_SESSION_ID");
    }

    @Test
    void aRecordLivesFromItsCreationToItsDeletion() {
        // given
        String id = post("Account", "{\"Name\": \"Acme\", \"BillingCity\": \"Rome\"}")
                .statusCode(201)
                .body("id", startsWith("001"))
                .body("errors.size()", equalTo(0))
                .extract()
                .path("id");
        var record = SOBJECTS + "Account/" + id;

        // when
        caller().body("{\"Phone\": \"+39\", \"BillingCity\": null}")
                .patch(record)
                .then()
                .statusCode(204);

        // then
        caller().get(record)
                .then()
                .statusCode(200)
                .body("Name", equalTo("Acme"))
                .body("Phone", equalTo("+39"))
                .body("$", not(hasKey("BillingCity")));
        caller().delete(record).then().statusCode(204);
        assertError(caller().delete(record).then(), 404, "ENTITY_IS_DELETED");
        assertThat(changeTypesOf(id)).containsExactly("CREATE", "UPDATE", "DELETE");
    }

    @Test
    void theVersionsAreListed() {
        given().get("/services/data").then().statusCode(200).body("version", hasItem("62.0"));
    }

    private static List<String> changeTypesOf(String id) {
        return given().queryParam("topic", "/data/ChangeEvents")
                .get("/simulator/orgs/demo/events")
                .then()
                .extract()
                .path("findAll { it.data.ChangeEventHeader.recordIds[0] == '" + id
                        + "' }.data.ChangeEventHeader.changeType");
    }

    private static ValidatableResponse post(String object, String body) {
        return caller().body(body).post(SOBJECTS + object).then();
    }

    private static RequestSpecification caller() {
        return given().auth().preemptive().oauth2("demo").contentType(ContentType.JSON);
    }

    private static void assertError(ValidatableResponse response, int status, String code) {
        response.statusCode(status).body("size()", equalTo(1)).body("[0].errorCode", equalTo(code));
    }
}
