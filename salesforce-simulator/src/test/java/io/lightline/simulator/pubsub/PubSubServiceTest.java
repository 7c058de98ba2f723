package io.lightline.simulator.pubsub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.lightline.pubsub.v1.ConsumerEvent;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.ProducerEvent;
import io.lightline.pubsub.v1.PublishRequest;
import io.lightline.pubsub.v1.PublishResponse;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.pubsub.v1.SchemaRequest;
import io.lightline.pubsub.v1.TopicRequest;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.value.registry.ValueRegistry;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PubSubServiceTest {

    private static final String PREFIX = "sfdc.platform.eventbus.grpc.";

    @Inject
    ValueRegistry servers;

    private PubSubClient client;

    @BeforeEach
    void connectToAnEmptyBus() {
        given().post("/simulator/orgs/demo/bus/reset").then().statusCode(200);
        client = PubSubClient.demo(port());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void aTopicNamesItsSchemaAndTheSchemaCanBeRead() {
        // when
        var topic = client.blocking()
                .getTopic(TopicRequest.newBuilder()
                        .setTopicName(PubSubClient.TOPIC)
                        .build());
        var schema = client.blocking()
                .getSchema(SchemaRequest.newBuilder()
                        .setSchemaId(topic.getSchemaId())
                        .build());

        // then
        assertThat(topic.getCanPublish()).isTrue();
        assertThat(topic.getCanSubscribe()).isTrue();
        assertThat(new Schema.Parser().parse(schema.getSchemaJson()).getFullName())
                .isEqualTo("com.sforce.eventbus.Order__e");
    }

    @Test
    void nobodyButSalesforcePublishesChanges() {
        // when
        var topic = client.blocking()
                .getTopic(TopicRequest.newBuilder()
                        .setTopicName("/data/AccountChangeEvent")
                        .build());

        // then
        assertThat(topic.getCanPublish()).isFalse();
    }

    @Test
    void unknownTopicsAndSchemasHaveTheirErrors() {
        assertThat(code(() -> client.blocking()
                        .getTopic(TopicRequest.newBuilder()
                                .setTopicName("/event/No__e")
                                .build())))
                .isEqualTo(PREFIX + "topic.not.found");
        assertThat(code(() -> client.blocking().getTopic(TopicRequest.getDefaultInstance())))
                .isEqualTo(PREFIX + "topic.validation.empty");
        assertThat(code(() -> client.blocking()
                        .getSchema(SchemaRequest.newBuilder().setSchemaId("x").build())))
                .isEqualTo(PREFIX + "schema.validation.failed");
    }

    @Test
    void anErrorCarriesTheIdOfItsCall() {
        // when
        var error = catchThrowableOfType(
                StatusRuntimeException.class, () -> client.blocking().getTopic(TopicRequest.getDefaultInstance()));

        // then
        var rpcId = Objects.requireNonNull(error.getTrailers()).get(key("rpc-id"));
        assertThat(error.getStatus().getDescription()).endsWith("rpcId: " + rpcId);
    }

    @Test
    void theThreeHeadersMustFitTogether() {
        assertThat(codeFor("wrong", "http://127.0.0.1", PubSubClient.ORG)).isEqualTo(PREFIX + "service.auth.error");
        assertThat(codeFor("", "http://127.0.0.1", PubSubClient.ORG))
                .isEqualTo(PREFIX + "service.auth.headers.invalid");
        assertThat(codeFor("demo", "nowhere", PubSubClient.ORG)).isEqualTo(PREFIX + "service.auth.headers.invalid");
        assertThat(codeFor("demo", "http://127.0.0.1", "00DLL0000000001"))
                .isEqualTo(PREFIX + "service.auth.headers.invalid");
    }

    @Test
    void earliestGetsAllRetainedEventsInTheirOrder() {
        // given
        var ids = publish(5);

        // when
        var stream = client.subscribe(ReplayPreset.EARLIEST, 100);

        // then
        stream.receives(ids);
        assertThat(stream.responses().getFirst().getPendingNumRequested()).isEqualTo(95);
    }

    @Test
    void latestGetsOnlyWhatComesLater() {
        // given
        publish(3);
        var stream = client.subscribe(ReplayPreset.LATEST, 100);
        awaitStreams(1);

        // when
        var later = publish(2);

        // then
        stream.receives(later);
    }

    @Test
    void customGoesOnAfterItsReplayIdInBothForms() {
        // given
        var ids = publish(4);
        var all = client.subscribe(ReplayPreset.EARLIEST, 100);
        all.receives(ids);
        var second = all.events().get(1).getReplayId();

        // when
        var tenBytes = client.subscribe(custom(second));
        var eightBytes = client.subscribe(custom(second.substring(0, 8)));

        // then
        tenBytes.receives(ids.subList(2, 4));
        eightBytes.receives(ids.subList(2, 4));
    }

    @Test
    void aReplayIdOfAnotherTopicIsAsGood() {
        // given
        post("Account", "{\"Name\": \"Acme\"}");
        var change = client.subscribe(FetchRequest.newBuilder()
                .setTopicName("/data/ChangeEvents")
                .setReplayPreset(ReplayPreset.EARLIEST)
                .setNumRequested(1));
        await().untilAsserted(() -> assertThat(change.events()).hasSize(1));
        var ids = publish(2);

        // when
        var stream = client.subscribe(custom(change.events().getFirst().getReplayId()));

        // then
        stream.receives(ids);
    }

    @Test
    void positionsThatNoLongerExistAreCorrupted() {
        // given
        publish(1);
        var stream = client.subscribe(ReplayPreset.EARLIEST, 1);
        await().untilAsserted(() -> assertThat(stream.events()).hasSize(1));
        var old = stream.events().getFirst().getReplayId();

        // when
        given().post("/simulator/orgs/demo/bus/reset").then().body("streams", equalTo(1));

        // then
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        var resumed = client.subscribe(custom(old));
        assertThat(resumed.errorCode()).isEqualTo(PREFIX + "subscription.fetch.replayid.corrupted");
        assertThat(resumed.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void wrongFetchRequestsHaveTheirErrors() {
        assertThat(client.subscribe(custom(ByteString.EMPTY)).errorCode())
                .isEqualTo(PREFIX + "subscription.fetch.replayid.validation.failed");
        assertThat(client.subscribe(ReplayPreset.LATEST, 0).errorCode())
                .isEqualTo(PREFIX + "subscription.fetch.requested.events.invalid");
        assertThat(client.subscribe(FetchRequest.newBuilder()
                                .setTopicName("/event/No__e")
                                .setNumRequested(1))
                        .errorCode())
                .isEqualTo(PREFIX + "topic.not.found");
        var silent = client.open();
        silent.request(1);
        assertThat(silent.errorCode()).isEqualTo(PREFIX + "topic.validation.empty");
        var fickle = client.subscribe(ReplayPreset.LATEST, 1);
        fickle.send(FetchRequest.newBuilder()
                .setTopicName("/data/ChangeEvents")
                .setNumRequested(1)
                .build());
        assertThat(fickle.errorCode()).isEqualTo(PREFIX + "subscription.fetch.topic.mismatch");
    }

    @Test
    void noMoreEventsComeThanWereAskedForAndRequestsAddUp() {
        // given
        var ids = publish(7);
        var stream = client.subscribe(ReplayPreset.EARLIEST, 2);
        stream.receives(ids.subList(0, 2));

        // when
        stream.request(1);
        stream.request(2);

        // then
        stream.receives(ids.subList(0, 5));
        assertThat(stream.responses().getLast().getPendingNumRequested()).isZero();
        assertThat(stream.responses().getFirst().getLatestReplayId())
                .isEqualTo(stream.events().get(1).getReplayId());
    }

    @Test
    void moreThanAHundredAreNotOwed() {
        // given
        var ids = publish(150);

        // when
        var stream = client.subscribe(ReplayPreset.EARLIEST, 1000);

        // then
        stream.receives(ids.subList(0, 100));
        stream.request(100);
        stream.receives(ids);
    }

    @Test
    void aStreamHasNoAnswerBeforeItsFirstEvent() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 10);
        awaitStreams(1);

        // when
        var ids = publish(1);

        // then
        stream.receives(ids);
        assertThat(stream.responses()).hasSize(1);
    }

    @Test
    void manySubscribersAllGetEverythingInOrder() {
        // given
        var streams = IntStream.range(0, 20)
                .mapToObj(_ -> client.subscribe(ReplayPreset.LATEST, 100))
                .toList();
        awaitStreams(20);

        // when
        var ids = publish(50);

        // then
        assertThat(streams).allSatisfy(stream -> stream.receives(ids));
    }

    @Test
    void everyPublishedEventHasAResultOfItsOwn() {
        // given
        var schema = orderSchema();

        // when
        var response = client.blocking()
                .publish(PublishRequest.newBuilder()
                        .setTopicName(PubSubClient.TOPIC)
                        .addEvents(event("good", schema))
                        .addEvents(event("bad", "nonsense"))
                        .build());

        // then
        assertThat(response.getResultsList())
                .extracting(result -> result.getCorrelationKey())
                .containsExactly("good", "bad");
        assertThat(response.getResults(0).getReplayId().size()).isEqualTo(10);
        assertThat(response.getResults(1).getError().getCode()).isEqualTo(ErrorCode.PUBLISH);
        assertThat(response.getSchemaId()).isEqualTo(schema);
        client.subscribe(ReplayPreset.EARLIEST, 10).receives(List.of("good"));
    }

    @Test
    void nobodyLooksIntoAPayload() {
        // given
        var nonsense = ByteString.copyFromUtf8("not Avro at all");
        var undecodable = ProducerEvent.newBuilder()
                .setId("odd")
                .setSchemaId(orderSchema())
                .setPayload(nonsense);

        // when
        client.blocking()
                .publish(PublishRequest.newBuilder()
                        .setTopicName(PubSubClient.TOPIC)
                        .addEvents(undecodable)
                        .build());

        // then
        var stream = client.subscribe(ReplayPreset.EARLIEST, 1);
        stream.receives(List.of("odd"));
        assertThat(stream.events())
                .extracting(ConsumerEvent::getEvent)
                .allSatisfy(event -> assertThat(event.getPayload()).isEqualTo(nonsense));
        given().get("/simulator/orgs/demo/events")
                .then()
                .body("[0].id", equalTo("odd"))
                .body("[0].data", nullValue());
    }

    @Test
    void wrongPublishRequestsHaveTheirErrors() {
        assertThat(publishError("", 1)).isEqualTo(PREFIX + "publish.topic.validation.empty");
        assertThat(publishError(PubSubClient.TOPIC, 0)).isEqualTo(PREFIX + "publish.event.count.invalid");
        assertThat(publishError("/event/No__e", 1)).isEqualTo(PREFIX + "topic.not.found");
        assertThat(publishError("/data/AccountChangeEvent", 1)).isEqualTo(PREFIX + "topic.meta.permission");
    }

    @Test
    void aPublishStreamAnswersEveryRequest() {
        // given
        var schema = orderSchema();
        var answers = new CopyOnWriteArrayList<PublishResponse>();
        var end = new CompletableFuture<Void>();
        var stream = client.async().publishStream(observer(answers, end));

        // when
        stream.onNext(PublishRequest.newBuilder()
                .setTopicName(PubSubClient.TOPIC)
                .addEvents(event("one", schema))
                .build());
        stream.onNext(
                PublishRequest.newBuilder().addEvents(event("two", schema)).build());
        stream.onCompleted();

        // then
        end.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(answers)
                .extracting(answer -> answer.getResults(0).getCorrelationKey())
                .containsExactly("one", "two");
        client.subscribe(ReplayPreset.EARLIEST, 10).receives(List.of("one", "two"));
    }

    @Test
    void streamsCanBeEndedWithAnyStatus() {
        // given
        var first = client.subscribe(ReplayPreset.LATEST, 1);
        awaitStreams(1);

        // when
        given().post("/simulator/orgs/demo/streams/end").then().body("streams", equalTo(1));
        var second = client.subscribe(ReplayPreset.LATEST, 1);
        awaitStreams(1);
        given().queryParam("status", "UNAVAILABLE")
                .post("/simulator/orgs/demo/streams/end")
                .then()
                .statusCode(200);

        // then
        assertThat(first.status().getCode()).isEqualTo(Status.Code.OK);
        assertThat(second.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        awaitStreams(0);
    }

    @Test
    void aBlackHoleAnswersNothingAndLosesNothing() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 10);
        awaitStreams(1);
        blackHole(true);

        // when
        var ids = publish(2);
        var unary = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> client.blocking()
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .getTopic(TopicRequest.newBuilder()
                                .setTopicName(PubSubClient.TOPIC)
                                .build()));

        // then
        assertThat(unary.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(stream.responses()).isEmpty();
        blackHole(false);
        stream.receives(ids);
    }

    @Test
    void anExpiredTokenIsRefusedAndItsOpenStreamGoesOn() {
        // given
        String token = given().formParam("grant_type", "client_credentials")
                .formParam("client_id", "demo-client")
                .formParam("client_secret", "demo-secret")
                .post("/services/oauth2/token")
                .then()
                .extract()
                .path("access_token");
        try (var loggedIn = PubSubClient.with(port(), token, "http://127.0.0.1", PubSubClient.ORG)) {
            var stream = loggedIn.subscribe(ReplayPreset.LATEST, 10);
            awaitStreams(1);

            // when
            given().post("/simulator/orgs/demo/tokens/expire").then().statusCode(204);
            var ids = publish(1);

            // then
            stream.receives(ids);
            assertThat(loggedIn.subscribe(ReplayPreset.LATEST, 1).errorCode()).isEqualTo(PREFIX + "service.auth.error");
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotSentEverything() {
        // given
        var schema = orderSchema();
        var megabyte = ByteString.copyFrom(new byte[1 << 20]);
        var events = 40;
        var slow = client.subscribeWithoutReading(events);
        awaitStreams(1);

        // when
        IntStream.range(0, events)
                .forEach(i -> client.blocking()
                        .publish(PublishRequest.newBuilder()
                                .setTopicName(PubSubClient.TOPIC)
                                .addEvents(event("e" + i, schema).toBuilder().setPayload(megabyte))
                                .build()));

        // then: all is published, little of it is sent, and the rest comes when it is read
        given().get("/simulator/orgs/demo/streams").then().body("[0].pendingNumRequested", greaterThan(events / 2));
        slow.readAll();
        slow.receives(IntStream.range(0, events).mapToObj(i -> "e" + i).toList());
    }

    @Test
    void aClientThatLeavesIsForgotten() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 1);
        awaitStreams(1);

        // when
        stream.cancel();

        // then
        awaitStreams(0);
    }

    private int port() {
        return servers.get(GrpcServer.GRPC_SERVER).getPort();
    }

    private static List<String> publish(int events) {
        return IntStream.range(0, events)
                .mapToObj(i -> post("Order__e", "{\"OrderNumber__c\": \"" + i + "\"}"))
                .toList();
    }

    /** Returns the UUID of a Platform Event. */
    private static String post(String object, String body) {
        return given().auth()
                .preemptive()
                .oauth2("demo")
                .body(body)
                .post("/services/data/v62.0/sobjects/" + object)
                .then()
                .statusCode(201)
                .extract()
                .path("errors[0].message");
    }

    private String orderSchema() {
        return client.blocking()
                .getTopic(TopicRequest.newBuilder()
                        .setTopicName(PubSubClient.TOPIC)
                        .build())
                .getSchemaId();
    }

    private static ProducerEvent event(String id, String schema) {
        return ProducerEvent.newBuilder().setId(id).setSchemaId(schema).build();
    }

    private String publishError(String topic, int events) {
        var request = PublishRequest.newBuilder().setTopicName(topic);
        IntStream.range(0, events).forEach(i -> request.addEvents(event("e" + i, "s")));
        return code(() -> client.blocking().publish(request.build()));
    }

    private static FetchRequest.Builder custom(ByteString replayId) {
        return FetchRequest.newBuilder()
                .setReplayPreset(ReplayPreset.CUSTOM)
                .setReplayId(replayId)
                .setNumRequested(100);
    }

    private String codeFor(String token, String instanceUrl, String tenant) {
        try (var stranger = PubSubClient.with(port(), token, instanceUrl, tenant)) {
            return code(() -> stranger.blocking().getTopic(TopicRequest.getDefaultInstance()));
        }
    }

    private static String code(Runnable call) {
        var error = catchThrowableOfType(StatusRuntimeException.class, call::run);
        return Objects.requireNonNull(
                Objects.requireNonNull(error.getTrailers()).get(key("error-code")));
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static void blackHole(boolean on) {
        given().queryParam("on", on)
                .post("/simulator/orgs/demo/black-hole")
                .then()
                .statusCode(204);
    }

    /** Waits until so many streams have named their topic. */
    private static void awaitStreams(int count) {
        await().untilAsserted(() -> given().get("/simulator/orgs/demo/streams")
                .then()
                .body("findAll { it.topic != '' }.size()", equalTo(count)));
    }

    private static <T, E> StreamObserver<T> observer(List<T> answers, CompletableFuture<E> end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable error) {
                end.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                end.complete(null);
            }
        };
    }
}
