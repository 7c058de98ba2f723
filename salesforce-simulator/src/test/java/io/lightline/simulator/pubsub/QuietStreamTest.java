package io.lightline.simulator.pubsub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ReplayPreset;
import io.lightline.simulator.event.ReplayId;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.value.registry.ValueRegistry;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when nothing happens, with short times instead of Salesforce's minutes. */
@QuarkusTest
@TestProfile(QuietStreamTest.ShortTimes.class)
class QuietStreamTest {

    @Inject
    ValueRegistry servers;

    private PubSubClient client;

    /** Keepalives after a tenth of a second, the end after half a second. */
    public static class ShortTimes implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "lightline.simulator.keepalive", "100ms",
                    "lightline.simulator.idle-close", "500ms");
        }
    }

    @BeforeEach
    void connect() {
        client = PubSubClient.demo(servers.get(GrpcServer.GRPC_SERVER).getPort());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void aKeepaliveAdvancesPastTheEventsOfOtherTopics() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 5);
        await().until(() -> !stream.responses().isEmpty());
        var before = stream.responses().getFirst().getLatestReplayId();

        // when
        given().auth()
                .preemptive()
                .oauth2("demo")
                .body("{\"Name\": \"Acme\"}")
                .post("/services/data/v62.0/sobjects/Account")
                .then()
                .statusCode(201);

        // then
        await().untilAsserted(() -> assertThat(position(stream.responses().getLast()))
                .isGreaterThan(ReplayId.parse(before).orElseThrow().position()));
        assertThat(stream.responses()).allSatisfy(keepalive -> {
            assertThat(keepalive.getEventsList()).isEmpty();
            assertThat(keepalive.getPendingNumRequested()).isEqualTo(5);
        });
    }

    @Test
    void aStreamThatOwesSomethingStaysOpen() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 1);

        // when: ten keepalives are twice the time after which it would be closed
        await().until(() -> stream.responses().size() >= 10);

        // then
        assertThat(stream.ended()).isFalse();
    }

    @Test
    void aStreamThatIsAskedForNothingIsClosed() {
        // when
        var stream = client.open();

        // then
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void aStreamWhoseCreditsAreSpentIsClosed() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 1);
        await().until(() -> !stream.responses().isEmpty());

        // when
        given().auth()
                .preemptive()
                .oauth2("demo")
                .body("{}")
                .post("/services/data/v62.0/sobjects/Order__e")
                .then()
                .statusCode(201);

        // then
        assertThat(stream.status().getCode()).isEqualTo(Status.Code.OK);
        assertThat(stream.events()).hasSize(1);
    }

    private static long position(FetchResponse response) {
        return ReplayId.parse(response.getLatestReplayId()).orElseThrow().position();
    }
}
