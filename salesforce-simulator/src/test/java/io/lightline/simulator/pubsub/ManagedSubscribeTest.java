package io.lightline.simulator.pubsub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.lightline.pubsub.v1.CommitReplayRequest;
import io.lightline.pubsub.v1.ErrorCode;
import io.lightline.pubsub.v1.ManagedFetchRequest;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.value.registry.ValueRegistry;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Managed subscriptions: an event log with a position that Salesforce keeps. */
@QuarkusTest
@TestProfile(ManagedSubscribeTest.Subscriptions.class)
class ManagedSubscribeTest {

    @Inject
    ValueRegistry servers;

    private PubSubClient client;

    /** One subscription for the tests of each kind, and one that is swept away soon. */
    public static class Subscriptions implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "lightline.simulator.managed.commit-timeout", "2s",
                    "lightline.simulator.managed.slot-hold", "1s",
                    "lightline.simulator.orgs.demo.managed-subscriptions.Late.topic", "/event/Order__e",
                    "lightline.simulator.orgs.demo.managed-subscriptions.Stopped.topic", "/event/Order__e",
                    "lightline.simulator.orgs.demo.managed-subscriptions.Stopped.state", "STOP",
                    "lightline.simulator.orgs.demo.managed-subscriptions.Lost.topic", "/event/No__e");
        }
    }

    @BeforeEach
    void connectToAnEmptyBus() {
        Demo.reset();
        client = PubSubClient.demo(servers.get(GrpcServer.GRPC_SERVER).getPort());
    }

    @AfterEach
    void disconnect() {
        client.close();
        await().untilAsserted(() -> Demo.look("/managed").body("findAll { it.taken }", empty()));
    }

    @Test
    void whatWasCommittedIsWhereTheNextClientGoesOn() {
        // given
        var ids = Demo.publish(4);
        var first = ManagedStream.named(client, "Orders");
        first.receives(ids);

        // when
        first.commit("c1", first.events().get(1).getReplayId());

        // then
        var commit = first.commits(1).getFirst();
        assertThat(commit.getCommitRequestId()).isEqualTo("c1");
        assertThat(commit.getReplayId()).isEqualTo(first.events().get(1).getReplayId());
        assertThat(commit.hasError()).isFalse();
        assertThat(commit.getProcessTime()).isPositive();
        first.close();
        assertThat(first.status().getCode()).isEqualTo(Status.Code.OK);
        var second = ManagedStream.named(client, "Orders");
        second.receives(ids.subList(2, 4));
    }

    @Test
    void aCommitThatCannotBeIsAnsweredWithinTheStream() {
        // given
        var ids = Demo.publish(1);
        var stream = ManagedStream.named(client, "Orders");
        stream.receives(ids);

        // when
        stream.commit("bad", ByteString.copyFromUtf8("nonsense"));

        // then
        var commit = stream.commits(1).getFirst();
        assertThat(commit.getError().getCode()).isEqualTo(ErrorCode.COMMIT);
        stream.receives(ids);
    }

    @Test
    void onlyOneClientHasIt() {
        // given
        var first = ManagedStream.named(client, "Late");
        Demo.awaitStreams(1);

        // when
        var second = ManagedStream.named(client, "Late");

        // then
        assertThat(second.status().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        assertThat(second.errorCode()).isEqualTo("managed.subscription.already.active");
        first.close();
    }

    @Test
    void aStreamThatBreaksKeepsItsSlotForAWhile() {
        // given
        var first = ManagedStream.named(client, "Late");
        Demo.awaitStreams(1);
        Demo.order("POST", "/faults", "{\"fault\": \"reset\"}").statusCode(201);
        assertThat(first.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

        // when
        var second = ManagedStream.named(client, "Late");

        // then
        assertThat(second.status().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
        await().untilAsserted(() -> Demo.look("/managed").body("findAll { it.taken }", empty()));
    }

    @Test
    void withoutACommitItIsClosed() {
        // when
        var stream = ManagedStream.named(client, "Late");

        // then
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(stream.status().getDescription())
                .startsWith(
                        "No CommitReplayRequests sent in the last 2 seconds. Closing managed subscription. rpcId: ");
    }

    @Test
    void wrongRequestsHaveTheirErrors() {
        assertThat(code(ManagedFetchRequest.newBuilder().setNumRequested(1)))
                .isEqualTo("managed.subscription.id.or.developer.name.empty");
        assertThat(code(ManagedFetchRequest.newBuilder()
                        .setDeveloperName("Nobody")
                        .setNumRequested(1)))
                .isEqualTo("managed.subscription.developer.name.not.found");
        assertThat(code(ManagedFetchRequest.newBuilder().setSubscriptionId("x").setNumRequested(1)))
                .isEqualTo("managed.subscription.subscription.id.invalid");
        assertThat(code(ManagedFetchRequest.newBuilder()
                        .setSubscriptionId("18x000000000001AAA")
                        .setNumRequested(1)))
                .isEqualTo("managed.subscription.subscription.id.not.found");
        assertThat(code(ManagedFetchRequest.newBuilder()
                        .setDeveloperName("Stopped")
                        .setNumRequested(1)))
                .isEqualTo("managed.subscription.config.stopped");
        assertThat(code(ManagedFetchRequest.newBuilder().setDeveloperName("Late")))
                .isEqualTo("subscription.fetch.requested.events.invalid");
        assertThat(code(ManagedFetchRequest.newBuilder()
                        .setDeveloperName("Lost")
                        .setNumRequested(1)))
                .isEqualTo("topic.not.found");
        assertThat(code(ManagedFetchRequest.newBuilder()
                        .setDeveloperName("Late")
                        .setNumRequested(1)
                        .setCommitReplayIdRequest(CommitReplayRequest.getDefaultInstance())))
                .isEqualTo("managed.subscription.fetch.request.invalid");
    }

    @Test
    void theControlApiStopsAndStartsThem() {
        // when
        Demo.order("POST", "/managed/Late?state=STOP", "").statusCode(204);

        // then
        assertThat(code(ManagedFetchRequest.newBuilder()
                        .setDeveloperName("Late")
                        .setNumRequested(1)))
                .isEqualTo("managed.subscription.config.stopped");
        Demo.order("POST", "/managed/Late?state=RUN", "").statusCode(204);
        Demo.look("/managed").body("find { it.developerName == 'Late' }.state", equalTo("RUN"));
        Demo.order("POST", "/managed/Nobody?state=RUN", "").statusCode(404);
    }

    @Test
    void theToolingApiFindsThemByNameAndId() {
        // when
        String id = query("DeveloperName='Orders'")
                .body("size", equalTo(1))
                .body("records[0].Id", startsWith("18x"))
                .body("records[0].Metadata.topicName", equalTo("/event/Order__e"))
                .body("records[0].Metadata.state", equalTo("RUN"))
                .extract()
                .path("records[0].Id");

        // then
        query("Id='" + id + "'").body("records.DeveloperName", contains("Orders"));
        query("DeveloperName='Nobody'").body("size", equalTo(0));
        given().auth()
                .preemptive()
                .oauth2("demo")
                .queryParam("q", "SELECT Id FROM Account")
                .get("/services/data/v62.0/tooling/query/")
                .then()
                .statusCode(400)
                .body("[0].errorCode", equalTo("MALFORMED_QUERY"));
    }

    private static ValidatableResponse query(String where) {
        return given().auth()
                .preemptive()
                .oauth2("demo")
                .queryParam(
                        "q",
                        "SELECT Id, DeveloperName, Metadata FROM ManagedEventSubscription WHERE " + where + " LIMIT 1")
                .get("/services/data/v62.0/tooling/query/")
                .then()
                .statusCode(200);
    }

    private String code(ManagedFetchRequest.Builder first) {
        var stream = new ManagedStream(client);
        stream.send(first);
        return stream.errorCode();
    }
}
