package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.localstack.Simulator;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** The simulated org, as its users see it (REST), and its event log, which real ones do not show. */
record SalesforceOrg(Simulator simulator) {

    static final String ORDERS = "/event/Order__e";
    static final String ACCOUNT_CHANGES = "/data/AccountChangeEvent";

    /** Publishes an {@code Order__e} and returns its event id. */
    String publishOrder(JsonNode fields) {
        return create("Order__e", fields).path("id").asText();
    }

    /** Creates a record and returns the answer. */
    JsonNode create(String type, JsonNode fields) {
        HttpResponse<String> answer = send("POST", simulator.objectsUri(type), fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.parse(answer.body());
    }

    void update(String type, String id, JsonNode fields) {
        HttpResponse<String> answer = send("PATCH", URI.create(simulator.objectsUri(type) + "/" + id), fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    /** Every event of a topic that Salesforce has on its bus, in order. */
    List<JsonNode> eventsOf(String topic) {
        var log = Http.get(simulator.httpUri(
                "/simulator/orgs/demo/events?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8)));
        assertThat(log.statusCode()).as(log.body()).isEqualTo(200);
        return StreamSupport.stream(Json.parse(log.body()).spliterator(), false).toList();
    }

    /** Ends all subscriptions with a gRPC status. */
    void endStreams(String status) {
        control("streams/end?status=" + status);
    }

    /** Ends all tokens that were issued; open streams go on. */
    void revokeTokens() {
        control("tokens/expire");
    }

    /** Begins or ends an outage in which connections stay and nothing answers. */
    void blackHole(boolean on) {
        control("black-hole?on=" + on);
    }

    /** Arms a fault, as the simulator's README describes them. */
    void fault(JsonNode order) {
        control("POST", "faults", order);
    }

    /** An admin adds a field to {@code Order__e}, in place of one that was added before: later events have another schema. */
    void addOrderField(String name) {
        var fields = Json.array();
        List.of("OrderNumber__c text", "Status__c text", "Amount__c number", name + " text")
                .forEach(field -> {
                    String[] parts = field.split(" ", -1);
                    fields.add(Json.object().put("name", parts[0]).put("type", parts[1]));
                });
        control("PUT", "events/Order__e/fields", fields);
    }

    void clearFaults() {
        control("DELETE", "faults", Json.object());
    }

    private void control(String what) {
        control("POST", what, Json.object());
    }

    /** What only a simulator can be told. */
    private void control(String method, String what, JsonNode body) {
        HttpResponse<String> answer = send(method, simulator.httpUri("/simulator/orgs/demo/" + what), body);
        assertThat(answer.statusCode()).as("%s: %s", what, answer.body()).isBetween(200, 299);
    }

    private static HttpResponse<String> send(String method, URI uri, JsonNode body) {
        return Http.send(method, uri, "Authorization", "Bearer " + Simulator.TOKEN, body);
    }
}
