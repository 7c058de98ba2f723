package io.lightline.simulator.pubsub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.pubsub.v1.TopicRequest;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.value.registry.ValueRegistry;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults by order, as a client meets them. */
@QuarkusTest
class FaultyStreamTest {

    private static final String CONTROL = "/simulator/orgs/demo";

    @Inject
    ValueRegistry servers;

    private PubSubClient client;

    @BeforeEach
    void connectToAnEmptyBus() {
        given().post(CONTROL + "/bus/reset").then().statusCode(200);
        client = PubSubClient.demo(servers.get(GrpcServer.GRPC_SERVER).getPort());
    }

    @AfterEach
    void disconnect() {
        given().delete(CONTROL + "/faults").then().statusCode(204);
        client.close();
    }

    @Test
    void aStreamIsResetAfterExactlyItsEventsAndTheNextOneGoesOn() {
        // given
        var ids = publish(5);
        order("""
                {"fault": "reset", "topic": "/event/Order__e", "afterEvents": 3, "times": 1}""");

        // when
        var first = client.subscribe(ReplayPreset.EARLIEST, 100);

        // then
        first.receives(ids.subList(0, 3));
        assertThat(first.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(first.status().getDescription()).contains("RST_STREAM").contains("NO_ERROR");
        client.subscribe(ReplayPreset.EARLIEST, 100).receives(ids);
        given().get(CONTROL + "/faults")
                .then()
                .body("fault", contains("reset"))
                .body("[0].struck", equalTo(1))
                .body("[0].active", equalTo(false));
    }

    @Test
    void aStreamEndsAsOrderedWithAStatusOrAnErrorOfSalesforce() {
        // given
        var ids = publish(1);
        order("""
                {"fault": "end", "afterEvents": 1}""");
        order("""
                {"fault": "end", "status": "UNAVAILABLE", "afterEvents": 2}""");
        order("""
                {"fault": "error", "code": "service.unavailable", "afterEvents": 3}""");

        // when
        var streams = IntStream.range(0, 3)
                .mapToObj(_ -> {
                    var stream = client.subscribe(ReplayPreset.EARLIEST, 100);
                    stream.receives(ids);
                    assertThat(stream.error()).isNotNull();
                    return stream;
                })
                .toList();

        // then
        assertThat(streams)
                .extracting(stream -> stream.status().getCode())
                .containsExactly(Status.Code.OK, Status.Code.UNAVAILABLE, Status.Code.INTERNAL);
        assertThat(streams.getLast().errorCode()).isEqualTo("sfdc.platform.eventbus.grpc.service.unavailable");
    }

    @Test
    void aFaultWithoutANumberStrikesAnOpenStreamAtOnce() {
        // given
        var stream = open();

        // when
        order("""
                {"fault": "error", "code": "subscription.limit.exceeded"}""");

        // then
        assertThat(stream.errorCode()).endsWith("subscription.limit.exceeded");
    }

    @Test
    void goawayEndsTheConnectionWithAllItsStreams() {
        // given
        var stream = open();
        var other = client.subscribe(ReplayPreset.LATEST, 1);

        // when
        order("""
                {"fault": "goaway"}""");

        // then
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(other.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(stream.status().getDescription()).contains("GOAWAY");
        assertThat(open().ended()).isFalse();
    }

    @Test
    void withGraceTheOpenStreamsGoOnAndNewOnesTakeAnotherConnection() {
        // given
        var stream = open();
        String connection = clientOf(0);

        // when
        order("""
                {"fault": "goaway", "millis": 600000}""");
        client.subscribe(ReplayPreset.LATEST, 100);
        awaitStreams(2);

        // then
        assertThat(clientOf(1)).isNotEqualTo(connection);
        stream.receives(publish(2));
    }

    @Test
    void aConnectionThatIsCutTakesItsStreamsAlong() {
        // given
        var stream = open();

        // when
        order("""
                {"fault": "disconnect"}""");

        // then
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        awaitStreams(0);
    }

    @Test
    void aStalledStreamIsSilentAndThenLosesNothing() {
        // given
        var stream = open();
        order("""
                {"fault": "stall", "millis": 1500}""");

        // when
        var ids = publish(2);
        var other = client.subscribe(ReplayPreset.EARLIEST, 100);
        other.receives(ids);

        // then
        assertThat(stream.responses()).isEmpty();
        stream.receives(ids);
    }

    @Test
    void onAFrozenConnectionNothingComesThroughUntilItThaws() {
        // given
        var stream = open();
        order("""
                {"fault": "freeze", "millis": 1500}""");

        // when
        var ids = publish(2);
        var unary = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> client.blocking()
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .getTopic(topic()));

        // then
        assertThat(unary.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(stream.responses()).isEmpty();
        stream.receives(ids);
    }

    @Test
    void callsAreRefusedAsOrdered() {
        // given
        order("""
                {"fault": "error", "code": "service.unavailable", "call": "GetTopic", "afterCalls": 1}""");
        order("""
                {"fault": "reset", "call": "Subscribe", "topic": "/event/Order__e"}""");

        // when
        client.blocking().getTopic(topic());
        var second = catchThrowableOfType(
                StatusRuntimeException.class, () -> client.blocking().getTopic(topic()));
        client.blocking().getTopic(topic());
        var stream = client.subscribe(ReplayPreset.LATEST, 1);

        // then
        assertThat(second.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(open().ended()).isFalse();
    }

    @Test
    void whatIsNoFaultIsRefusedWithAWord() {
        given().contentType("application/json")
                .body("{\"fault\": \"earthquake\"}")
                .post(CONTROL + "/faults")
                .then()
                .statusCode(400)
                .body(containsString("earthquake"));
        given().contentType("application/json")
                .body("{\"fault\": \"error\", \"code\": \"no.such\"}")
                .post(CONTROL + "/faults")
                .then()
                .statusCode(400);
        given().delete(CONTROL + "/faults/77").then().statusCode(404);
    }

    @Test
    void theHistoryTellsWhenStreamsOverlapped() {
        // given
        given().delete(CONTROL + "/streams/history").then().statusCode(204);
        var first = open();
        var second = client.subscribe(ReplayPreset.LATEST, 1);
        awaitStreams(2);

        // when
        first.cancel();
        awaitStreams(1);
        second.cancel();
        awaitStreams(0);

        // then
        given().queryParam("topic", "/event/Order__e")
                .get(CONTROL + "/streams/history")
                .then()
                .body("", hasSize(2))
                .body("end", contains("Cancelled by the client", "Cancelled by the client"));
        given().get(CONTROL + "/streams/overlaps")
                .then()
                .body("", hasSize(1))
                .body("[0].topic", equalTo("/event/Order__e"));
        var third = open();
        third.cancel();
        awaitStreams(0);
        given().get(CONTROL + "/streams/overlaps").then().body("", hasSize(1));
    }

    private TestStream open() {
        var stream = client.subscribe(ReplayPreset.LATEST, 100);
        await().untilAsserted(() -> assertThat(openStreams()).isPositive());
        return stream;
    }

    private static String clientOf(int stream) {
        return given().get(CONTROL + "/streams").then().extract().path("[" + stream + "].client");
    }

    private static int openStreams() {
        return given().get(CONTROL + "/streams").then().extract().path("size()");
    }

    private static void awaitStreams(int count) {
        await().untilAsserted(() -> assertThat(openStreams()).isEqualTo(count));
    }

    private static void order(String fault) {
        given().contentType("application/json")
                .body(fault)
                .post(CONTROL + "/faults")
                .then()
                .statusCode(201);
    }

    private static List<String> publish(int events) {
        return IntStream.range(0, events)
                .mapToObj(i -> given().auth()
                        .preemptive()
                        .oauth2("demo")
                        .body("{\"OrderNumber__c\": \"" + i + "\"}")
                        .post("/services/data/v62.0/sobjects/Order__e")
                        .then()
                        .statusCode(201)
                        .extract()
                        .<String>path("errors[0].message"))
                .toList();
    }

    private static TopicRequest topic() {
        return TopicRequest.newBuilder().setTopicName(PubSubClient.TOPIC).build();
    }
}
