package io.lightline.simulator.pubsub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.pubsub.v1.SchemaRequest;
import io.lightline.pubsub.v1.TopicRequest;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.value.registry.ValueRegistry;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Definitions that change, channels, and the events that only Salesforce makes. */
@QuarkusTest
class DefinitionsTest {

    private static final String ORDER_FIELDS = """
            [{"name": "OrderNumber__c", "type": "text"}, {"name": "Status__c", "type": "text"},
             {"name": "Amount__c", "type": "number"}]""";

    @Inject
    ValueRegistry servers;

    private PubSubClient client;

    @BeforeEach
    void connectToAnEmptyBus() {
        Demo.reset();
        client = PubSubClient.demo(servers.get(GrpcServer.GRPC_SERVER).getPort());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void aSchemaThatChangesInMidStreamHasAnotherIdAndTheOldOneIsStillAnswered() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 100);
        Demo.awaitStreams(1);
        var before = Demo.publish(1);
        stream.receives(before);

        // when
        Demo.order("PUT", "/events/Order__e/fields", """
                [{"name": "OrderNumber__c", "type": "text"}, {"name": "Urgent__c", "type": "checkbox"}]""").statusCode(200);
        Demo.post("Order__e", "{\"Urgent__c\": true}");
        Demo.order("PUT", "/events/Order__e/fields", ORDER_FIELDS).statusCode(200);
        Demo.publish(1);

        // then
        await().until(() -> stream.events().size() == 3);
        var ids = stream.events().stream()
                .map(event -> event.getEvent().getSchemaId())
                .toList();
        assertThat(ids.get(1)).isNotEqualTo(ids.get(0));
        assertThat(ids.get(2)).isEqualTo(ids.get(0));
        assertThat(fields(ids.get(0))).contains("Status__c").doesNotContain("Urgent__c");
        assertThat(fields(ids.get(1))).contains("Urgent__c").doesNotContain("Status__c");
    }

    @Test
    void anObjectsRecordsKeepWhatTheyHaveInTheFieldsThatStay() {
        // given
        String id = Demo.post("Contact", "{\"LastName\": \"Doe\", \"Phone\": \"1\"}")
                .path("id");

        // when
        Demo.order("PUT", "/objects/Contact/fields", """
                [{"name": "Email", "type": "email"}, {"name": "Name", "type": "person-name"},
                 {"name": "Phone", "type": "phone"}]""").statusCode(200);
        Demo.patch("Contact", id, "{\"Phone\": \"2\"}");

        // then
        given().auth()
                .preemptive()
                .oauth2("demo")
                .get("/services/data/v62.0/sobjects/Contact/" + id)
                .then()
                .body("LastName", equalTo("Doe"))
                .body("Phone", equalTo("2"));
        Demo.look("/events?topic=/data/ContactChangeEvent")
                .body("schemaId.unique()", hasSize(2))
                .body("[1].data.ChangeEventHeader.changedFields", hasSize(1));
    }

    @Test
    void aChannelCarriesItsMembersWithTheirSchemas() {
        // given
        Demo.post("Order__e", "{\"OrderNumber__c\": \"1\"}");
        Demo.post("OrderAudit__e", "{\"OrderNumber__c\": \"1\"}");
        Demo.post("Account", "{\"Name\": \"Acme\"}");
        Demo.post("Contact", "{\"LastName\": \"Doe\"}");

        // when
        var events = subscribe("/event/Orders__chn", 2);
        var changes = subscribe("/data/Sales__chn", 2);

        // then
        assertThat(names(events)).containsExactly("Order__e", "OrderAudit__e");
        assertThat(names(changes)).containsExactly("AccountChangeEvent", "ContactChangeEvent");
    }

    @Test
    void aStandardEventIsPublishedBySalesforceAlone() {
        // given
        given().auth()
                .preemptive()
                .oauth2("demo")
                .body("{}")
                .post("/services/data/v62.0/sobjects/LoginEventStream")
                .then()
                .statusCode(404);

        // when
        Demo.order("POST", "/events/LoginEventStream", "{\"Username\": \"alice\"}")
                .statusCode(200);

        // then
        assertThat(names(subscribe("/event/LoginEventStream", 1))).containsExactly("LoginEventStream");
        Demo.look("/events?topic=/event/LoginEventStream").body("[0].data.Username", equalTo("alice"));
        Demo.order("POST", "/events/LoginEventStream", "{\"No\": 1}").statusCode(400);
        Demo.order("POST", "/events/No__e", "{}").statusCode(404);
    }

    @Test
    void everyKindOfGapIsTold() {
        // given
        var kinds = List.of("GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE", "GAP_OVERFLOW");

        // when
        kinds.forEach(kind -> Demo.order(
                        "POST",
                        "/objects/Account/gap",
                        "{\"changeType\": \"" + kind + "\", \"recordIds\": [\"001000000000001AAA\"]}")
                .statusCode(204));
        Demo.order("POST", "/objects/Account/gap", "{\"changeType\": \"GAP_OVERFLOW\"}")
                .statusCode(204);

        // then
        Demo.look("/events")
                .body("data.ChangeEventHeader.changeType", equalTo(with(kinds, "GAP_OVERFLOW")))
                .body("[0].data.ChangeEventHeader.recordIds", contains("001000000000001AAA"))
                .body("[5].data.ChangeEventHeader.recordIds", contains("000000000000000AAA"));
        Demo.order("POST", "/objects/Account/gap", "{\"changeType\": \"UPDATE\"}")
                .statusCode(400);
    }

    @Test
    void anEventThatNobodyCanDecodeIsDelivered() {
        // when
        Demo.order("POST", "/undecodable", "{\"topic\": \"/data/AccountChangeEvent\"}")
                .statusCode(200)
                .body("data", nullValue());
        Demo.order("POST", "/undecodable", """
                {"topic": "/data/AccountChangeEvent", "schemaId": "unknown", "payload": "AAEC"}""").statusCode(200);

        // then
        var stream = subscribe("/data/AccountChangeEvent", 2);
        assertThat(stream.events())
                .extracting(event -> event.getEvent().getPayload())
                .containsExactly(
                        ByteString.copyFrom(new byte[] {-1, -1, -1}), ByteString.copyFrom(new byte[] {0, 1, 2}));
        assertThat(stream.events().getLast().getEvent().getSchemaId()).isEqualTo("unknown");
    }

    @Test
    void aLongTextsChangeIsToldByItsDifference() {
        // given
        var lines = "All work and no play makes Jack a dull boy.\\n".repeat(40);
        String id = Demo.post("Account", "{\"Name\": \"A\", \"Description\": \"" + lines + "one\"}")
                .path("id");

        // when
        Demo.patch("Account", id, "{\"Description\": \"" + lines + "two\"}");

        // then
        Demo.look("/events")
                .body("[1].data.Description", containsString("@@ -41,1 +41,1 @@\n-one\n+two\n"))
                .body("[1].data.ChangeEventHeader.diffFields", equalTo(List.of("0x020000")))
                .body("[0].data.ChangeEventHeader.diffFields", hasSize(0));
    }

    @Test
    void aTopicWithoutPermissionIsRefusedUntilThereIsOne() {
        // given
        Demo.order("POST", "/topics/deny?topic=/event/Order__e&on=true", "").statusCode(204);

        // when
        var topic = catchThrowableOfType(
                StatusRuntimeException.class, () -> client.blocking().getTopic(orders()));
        var stream = client.subscribe(ReplayPreset.LATEST, 1);

        // then
        assertThat(topic.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(stream.errorCode()).endsWith("subscription.topic.cannot.subscribe");
        Demo.order("POST", "/topics/deny?topic=/event/Order__e&on=false", "").statusCode(204);
        assertThat(client.blocking().getTopic(orders()).getCanSubscribe()).isTrue();
    }

    @Test
    void deliveriesAreCountedForEachSubscriberAndRefusedBeyondTheLimit() {
        // given
        int before = remaining();
        var ids = Demo.publish(2);
        subscribe("/event/Order__e", 2);
        subscribe("/event/Orders__chn", 2);
        int used = before - remaining();

        // when
        int max = limit("Max");
        Demo.order("PUT", "/limits", "{\"deliveredPerDay\": " + (max - remaining() + 1) + "}")
                .statusCode(204);
        var stream = client.subscribe(ReplayPreset.EARLIEST, 2);

        // then
        assertThat(used).isEqualTo(4);
        assertThat(stream.errorCode()).endsWith("subscription.limit.exceeded");
        assertThat(stream.ids()).isEqualTo(ids.subList(0, 1));
        assertThat(remaining()).isZero();
        Demo.order("PUT", "/limits", "{\"deliveredPerDay\": " + max + ", \"enforced\": false}")
                .statusCode(204);
    }

    @Test
    void aPublishRequestOfMoreThanFourMegabytesIsResetOnItsWay() {
        // given
        var schema = client.blocking().getTopic(orders()).getSchemaId();
        var large = ProducerEvent.newBuilder()
                .setId("large")
                .setSchemaId(schema)
                .setPayload(ByteString.copyFrom(new byte[5 << 20]));

        // when
        var error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> client.blocking()
                        .publish(PublishRequest.newBuilder()
                                .setTopicName(PubSubClient.TOPIC)
                                .addEvents(large)
                                .build()));

        // then
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(error.getStatus().getDescription()).contains("upstream connect error", "remote reset");
    }

    private TestStream subscribe(String topic, int events) {
        var stream = client.subscribe(FetchRequest.newBuilder()
                .setTopicName(topic)
                .setReplayPreset(ReplayPreset.EARLIEST)
                .setNumRequested(100));
        await().until(() -> stream.events().size() == events);
        return stream;
    }

    private List<String> names(TestStream stream) {
        return stream.events().stream()
                .map(event -> schema(event.getEvent().getSchemaId()).getName())
                .toList();
    }

    private List<String> fields(String schemaId) {
        return schema(schemaId).getFields().stream().map(Schema.Field::name).toList();
    }

    private Schema schema(String id) {
        var info = client.blocking()
                .getSchema(SchemaRequest.newBuilder().setSchemaId(id).build());
        return new Schema.Parser().parse(info.getSchemaJson());
    }

    private static TopicRequest orders() {
        return TopicRequest.newBuilder().setTopicName(PubSubClient.TOPIC).build();
    }

    private static List<String> with(List<String> list, String last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    private static int remaining() {
        return limit("Remaining");
    }

    private static int limit(String what) {
        return given().auth()
                .preemptive()
                .oauth2("demo")
                .get("/services/data/v62.0/limits")
                .then()
                .statusCode(200)
                .extract()
                .path("DailyDeliveredPlatformEvents." + what);
    }
}
