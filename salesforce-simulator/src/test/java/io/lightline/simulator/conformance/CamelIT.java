package io.lightline.simulator.conformance;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.greaterThan;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.PubSubApiConsumer;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceConstants;
import org.apache.camel.component.salesforce.api.dto.pubsub.PublishResult;
import org.apache.camel.component.salesforce.internal.client.PubSubApiClient;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Camel's Salesforce component, written for real orgs by others, against the packaged simulator. */
class CamelIT {

    private static SimulatorProcess simulator;

    private final CamelContext camel = new DefaultCamelContext();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private record Received(String replayId, GenericRecord event) {
        String text(String field) {
            return event.get(field).toString();
        }
    }

    @BeforeAll
    static void startTheSimulator() {
        simulator = SimulatorProcess.start("-Dlightline.simulator.keepalive=1s");
    }

    @AfterAll
    static void stopTheSimulator() {
        simulator.close();
    }

    @BeforeEach
    void logIn() {
        given().post(simulator.url() + "/simulator/orgs/demo/bus/reset").then().statusCode(200);
        var salesforce = new SalesforceComponent();
        salesforce.setLoginUrl(simulator.url());
        salesforce.setAuthenticationType(AuthenticationType.CLIENT_CREDENTIALS);
        salesforce.setClientId("demo-client");
        salesforce.setClientSecret("demo-secret");
        salesforce.setPubSubHost("127.0.0.1");
        salesforce.setPubSubPort(simulator.grpcPort());
        camel.addComponent("salesforce", salesforce);
    }

    @AfterEach
    void logOut() {
        camel.stop();
    }

    @Test
    void platformEventsAreDecodedFromTheEarliestOn() throws Exception {
        // given
        publishOrders(1, 3);

        // when
        subscribe("/event/Order__e?replayPreset=EARLIEST");

        // then
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("1", "2", "3"));
        publishOrders(4, 5);
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("1", "2", "3", "4", "5"));
        assertThat(received.getFirst().event().get("Amount__c")).isEqualTo(1.5);
        assertThat(received.getFirst().event().get("Status__c")).isNull();
        assertThat(received.getFirst().event().getSchema().getFullName()).isEqualTo("com.sforce.eventbus.Order__e");
    }

    @Test
    void aReplayIdThatCamelGotIsWhereItGoesOn() throws Exception {
        // given
        publishOrders(1, 4);
        subscribe("/event/Order__e?replayPreset=EARLIEST");
        await().untilAsserted(() -> assertThat(received).hasSize(4));
        var second = received.get(1).replayId();
        camel.getRouteController().stopAllRoutes();
        received.clear();

        // when
        subscribe("/event/Order__e?replayPreset=CUSTOM&pubSubReplayId=RAW(" + second + ")");

        // then
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("3", "4"));
    }

    @Test
    void aCorruptedReplayIdIsRecognisedByItsTrailer() throws Exception {
        // given
        subscribe(
                "/event/Order__e?replayPreset=CUSTOM&fallbackToLatestReplayId=true&pubSubReplayId=RAW(AAAAAAAAAAEAAA==)");

        // when: Camel falls back to the latest position, and has got there when the stream is open again
        await().untilAsserted(() -> given().get(simulator.url() + "/simulator/orgs/demo/streams")
                .then()
                .body("topic", contains("/event/Order__e")));
        publishOrders(1, 1);

        // then
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("1"));
    }

    @Test
    void changeEventsAreDecodedWithTheirCompoundFieldsAndBitmaps() throws Exception {
        // given
        String account = post("Account", "{\"Name\": \"Acme\", \"BillingCity\": \"Rome\"}");
        given().auth()
                .preemptive()
                .oauth2("demo")
                .body("{\"Phone\": \"+39\"}")
                .patch(simulator.url() + "/services/data/v62.0/sobjects/Account/" + account)
                .then()
                .statusCode(204);

        // when
        subscribe("/data/AccountChangeEvent?replayPreset=EARLIEST");

        // then
        await().untilAsserted(() -> assertThat(received).hasSize(2));
        var created = received.getFirst();
        assertThat(header(created).get("changeType")).hasToString("CREATE");
        assertThat(header(created).get("recordIds")).hasToString("[" + account + "]");
        assertThat(created.text("Name")).isEqualTo("Acme");
        assertThat(((GenericRecord) created.event().get("BillingAddress")).get("City"))
                .hasToString("Rome");
        var updated = received.getLast();
        assertThat(header(updated).get("changeType")).hasToString("UPDATE");
        assertThat(header(updated).get("changedFields")).hasToString("[0x800080]");
        assertThat(updated.text("Phone")).isEqualTo("+39");
        assertThat(updated.event().get("Name")).isNull();
    }

    @Test
    void aKeepaliveKeepsAQuietStreamOpen() throws Exception {
        // given
        subscribe("/event/Order__e?replayPreset=LATEST");

        // when
        await().untilAsserted(() -> given().get(simulator.url() + "/simulator/orgs/demo/streams")
                .then()
                .body("[0].responses", greaterThan(1)));
        publishOrders(1, 1);

        // then
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("1"));
    }

    @Test
    void whatCamelPublishesComesBack() throws Exception {
        // given
        subscribe("/event/Order__e?replayPreset=EARLIEST");
        var component = camel.getComponent("salesforce", SalesforceComponent.class);
        var client = new PubSubApiClient(
                component.getSession(),
                component.getLoginConfig(),
                "127.0.0.1",
                simulator.grpcPort(),
                1000,
                10_000,
                false);
        client.setUsePlainTextConnection(true);
        client.start();

        // when
        var results = client.publishMessage(
                "/event/Order__e",
                List.of(
                        "{\"CreatedDate\": 1, \"CreatedById\": \"005\", \"OrderNumber__c\": \"1\"}",
                        "{\"CreatedDate\": 1, \"CreatedById\": \"005\", \"OrderNumber__c\": \"2\"}"));
        client.stop();

        // then
        assertThat(results).hasSize(2).noneMatch(PublishResult::hasError);
        await().untilAsserted(() -> assertThat(numbers()).containsExactly("1", "2"));
    }

    /** Starts a route; its consumer has to be told that there is no TLS, for which Camel has no option. */
    private void subscribe(String topicAndOptions) throws Exception {
        var id = "route-" + camel.getRoutesSize();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("salesforce:pubSubSubscribe:" + topicAndOptions + "&pubSubDeserializeType=GENERIC_RECORD")
                        .routeId(id)
                        .autoStartup(false)
                        .process(exchange -> received.add(new Received(
                                exchange.getIn()
                                        .getHeader(
                                                SalesforceConstants.HEADER_SALESFORCE_PUBSUB_REPLAY_ID, String.class),
                                exchange.getIn().getBody(GenericRecord.class))));
            }
        });
        camel.start();
        ((PubSubApiConsumer) camel.getRoute(id).getConsumer()).setUsePlainTextConnection(true);
        camel.getRouteController().startRoute(id);
    }

    private List<String> numbers() {
        return received.stream().map(each -> each.text("OrderNumber__c")).toList();
    }

    private static GenericRecord header(Received each) {
        return (GenericRecord) each.event().get("ChangeEventHeader");
    }

    private static void publishOrders(int from, int to) {
        IntStream.rangeClosed(from, to)
                .forEach(n -> post("Order__e", "{\"OrderNumber__c\": \"%d\", \"Amount__c\": %d.5}".formatted(n, n)));
    }

    private static String post(String object, String body) {
        return given().auth()
                .preemptive()
                .oauth2("demo")
                .body(body)
                .post(simulator.url() + "/services/data/v62.0/sobjects/" + object)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }
}
