package io.lightline.simulator.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.cometd.bayeux.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Streaming API, by CometD's own Java client. */
@QuarkusTest
class StreamingApiTest {

    private static final String ORDERS = "/event/Order__e";
    private static final String TOKEN = "Bearer demo";

    @Inject
    StreamingApi streaming;

    @BeforeEach
    void emptyBus() {
        given().post("/simulator/orgs/demo/bus/reset").then().statusCode(200);
    }

    @Test
    void anEventLooksAsEmpApiShowsIt() throws Exception {
        try (var client = StreamingClient.connect(streaming.port(), TOKEN)) {
            // given
            client.subscribe(ORDERS, -1);

            // when
            String uuid = publish("A-1");

            // then
            client.awaitHeard(1);
            var data = client.heard().getFirst().getDataAsMap();
            assertThat(data).containsOnlyKeys("schema", "payload", "event");
            assertThat(map(data.get("payload")))
                    .containsEntry("OrderNumber__c", "A-1")
                    .containsEntry("Status__c", null)
                    .hasEntrySatisfying(
                            "CreatedDate",
                            date -> assertThat(date.toString())
                                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
            assertThat(map(data.get("event")))
                    .containsEntry("EventUuid", uuid)
                    .containsEntry("EventApiName", "Order__e")
                    .hasEntrySatisfying("replayId", id -> assertThat(id).isInstanceOf(Number.class));
        }
    }

    @Test
    void aChangeEventNamesItsFieldsAndHasNoOthers() throws Exception {
        try (var client = StreamingClient.connect(streaming.port(), TOKEN)) {
            // given
            client.subscribe("/data/AccountChangeEvent", -1);
            String id = post("Account", "{\"Name\": \"Acme\"}").path("id");

            // when
            given().auth()
                    .preemptive()
                    .oauth2("demo")
                    .body("{\"Phone\": \"123\", \"BillingCity\": \"Rome\"}")
                    .patch("/services/data/v66.0/sobjects/Account/" + id)
                    .then()
                    .statusCode(204);

            // then
            client.awaitHeard(2);
            var payload = map(client.heard().get(1).getDataAsMap().get("payload"));
            assertThat(payload).containsEntry("Phone", "123").containsEntry("BillingAddress", Map.of("City", "Rome"));
            assertThat(payload).doesNotContainKeys("Fax", "Name");
            var header = map(payload.get("ChangeEventHeader"));
            assertThat(header).containsEntry("changeType", "UPDATE").containsEntry("entityName", "Account");
            assertThat(list(header.get("changedFields"))).contains("Phone", "BillingAddress.City", "LastModifiedDate");
            assertThat(list(header.get("recordIds"))).singleElement().isEqualTo(id);
        }
    }

    @Test
    void whatIsRetainedComesFirstThenWhatIsNewInOneOrder() throws Exception {
        try (var client = StreamingClient.connect(streaming.port(), TOKEN)) {
            // given
            publish(20);

            // when
            client.subscribe(ORDERS, -2);
            publish(20);

            // then
            client.awaitHeard(40);
            assertThat(client.heard())
                    .extracting(StreamingApiTest::replayId)
                    .isSorted()
                    .hasSize(40);
        }
    }

    @Test
    void aSubscriptionGoesOnAfterAnEventThatItNames() throws Exception {
        // given
        var heard = new ArrayList<Message>();
        try (var client = StreamingClient.connect(streaming.port(), TOKEN)) {
            client.subscribe(ORDERS, -1);
            publish(10);
            client.awaitHeard(10);
            heard.addAll(client.heard());
        }
        publish(10);

        try (var client = StreamingClient.connect(streaming.port(), TOKEN)) {
            // when
            client.subscribe(ORDERS, replayId(heard.get(4)));

            // then
            client.awaitHeard(15);
            assertThat(client.heard().subList(0, 5))
                    .extracting(StreamingApiTest::replayId)
                    .isEqualTo(heard.subList(5, 10).stream()
                            .map(StreamingApiTest::replayId)
                            .toList());
        }
    }

    @Test
    void everySubscriberOfAChannelHasEveryEvent() throws Exception {
        try (var one = StreamingClient.connect(streaming.port(), TOKEN);
                var other = StreamingClient.connect(streaming.port(), "OAuth demo")) {
            // given
            one.subscribe(ORDERS, -1);
            other.subscribe("/event/Orders__chn", -1);

            // when
            publish(5);

            // then
            one.awaitHeard(5);
            other.awaitHeard(5);
            assertThat(other.heard()).extracting(Message::getChannel).containsOnly("/event/Orders__chn");
        }
    }

    @Test
    void refusalsAreInSalesforcesWords() throws Exception {
        try (var client = StreamingClient.connect(streaming.port(), TOKEN)) {
            assertThat(error(client.subscribe("/event/Nope__e", -1)))
                    .isEqualTo("400::The channel you requested to subscribe to does not exist {/event/Nope__e}");
            assertThat(error(client.subscribe(ORDERS, 17)))
                    .isEqualTo(
                            "400::The replayId {17} you provided was invalid. Please provide a valid ID, -2 to replay "
                                    + "all events, or -1 to replay only new events.");
            assertThat(client.publish(ORDERS, Map.of("a", "b")).isSuccessful()).isFalse();
        }
    }

    @Test
    void nobodyComesInWithoutAValidToken() throws Exception {
        try (var client = StreamingClient.prepare(streaming.port(), "Bearer wrong")) {
            // when
            var answer = client.handshake();

            // then
            assertThat(error(answer)).isEqualTo("403::Handshake denied");
            assertThat(answer.getExt()).containsEntry("sfdc", Map.of("failureReason", "401::Authentication invalid"));
            assertThat(answer.getAdvice()).containsEntry("reconnect", "none");
        }
    }

    @Test
    void aTokenThatHasEndedEndsItsClient() throws Exception {
        // given
        String token = given().formParam("grant_type", "client_credentials")
                .formParam("client_id", "demo-client")
                .formParam("client_secret", "demo-secret")
                .post("/services/oauth2/token")
                .path("access_token");
        try (var client = StreamingClient.connect(streaming.port(), "Bearer " + token)) {
            // when
            given().post("/simulator/orgs/demo/tokens/expire").then().statusCode(204);

            // then
            assertThat(error(client.subscribe(ORDERS, -1))).isEqualTo("401::Authentication invalid");
        }
    }

    @Test
    void pollsMayWaitAsLongAsAtSalesforce() throws Exception {
        try (var client = StreamingClient.prepare(streaming.port(), TOKEN)) {
            // given
            var handshake = client.handshake();

            // when
            var poll = client.firstPoll();

            // then
            assertThat(handshake.getExt()).containsEntry("replay", true).containsEntry("payload.format", true);
            assertThat(list(handshake.get("supportedConnectionTypes")))
                    .singleElement()
                    .isEqualTo("long-polling");
            assertThat(poll.getAdvice()).containsEntry("timeout", 110_000L).containsEntry("reconnect", "retry");
        }
    }

    private static void publish(int count) {
        IntStream.range(0, count).forEach(i -> publish("" + i));
    }

    private static String publish(String number) {
        return post("Order__e", "{\"OrderNumber__c\": \"" + number + "\"}").path("errors[0].message");
    }

    private static ExtractableResponse<Response> post(String object, String body) {
        return given().auth()
                .preemptive()
                .oauth2("demo")
                .body(body)
                .post("/services/data/v66.0/sobjects/" + object)
                .then()
                .statusCode(201)
                .extract();
    }

    private static String error(Message answer) {
        assertThat(answer.isSuccessful()).isFalse();
        return String.valueOf(answer.get(Message.ERROR_FIELD));
    }

    private static long replayId(Message message) {
        return Long.parseLong(
                String.valueOf(map(message.getDataAsMap().get("event")).get("replayId")));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    private static List<Object> list(@Nullable Object value) {
        return value instanceof Object[] array
                ? List.of(array)
                : List.copyOf((Collection<?>) Objects.requireNonNull(value));
    }
}
