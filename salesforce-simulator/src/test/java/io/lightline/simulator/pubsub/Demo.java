package io.lightline.simulator.pubsub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.stream.IntStream;

/** The demo org, as a test works on it through the REST and the control API. */
final class Demo {

    private static final String CONTROL = "/simulator/orgs/demo";
    private static final String SOBJECTS = "/services/data/v62.0/sobjects/";

    private Demo() {}

    static void reset() {
        order("POST", "/bus/reset", "").statusCode(200);
    }

    /** Sends JSON to the control API. */
    static ValidatableResponse order(String method, String path, String body) {
        return given().contentType("application/json")
                .body(body)
                .request(method, CONTROL + path)
                .then();
    }

    static ValidatableResponse look(String path) {
        return given().get(CONTROL + path).then();
    }

    /** Publishes so many orders and returns their event ids. */
    static List<String> publish(int events) {
        return IntStream.range(0, events)
                .mapToObj(i ->
                        post("Order__e", "{\"OrderNumber__c\": \"" + i + "\"}").<String>path("errors[0].message"))
                .toList();
    }

    static ExtractableResponse<Response> post(String object, String body) {
        return given().auth()
                .preemptive()
                .oauth2("demo")
                .body(body)
                .post(SOBJECTS + object)
                .then()
                .statusCode(201)
                .extract();
    }

    static void patch(String object, String id, String body) {
        given().auth()
                .preemptive()
                .oauth2("demo")
                .body(body)
                .patch(SOBJECTS + object + "/" + id)
                .then()
                .statusCode(204);
    }

    /** Waits until so many streams have named their topic. */
    static void awaitStreams(int count) {
        await().untilAsserted(() ->
                assertThat(look("/streams").extract().<Integer>path("size()")).isEqualTo(count));
    }
}
