package io.lightline.simulator.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.lightline.pubsub.v1.FetchRequest;
import io.lightline.pubsub.v1.FetchResponse;
import io.lightline.pubsub.v1.ReplayPreset;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.value.registry.ValueRegistry;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A source that makes more than the bus keeps, and a subscription at the latest position that has to settle. */
@QuarkusTest
@TestProfile(LoadedStreamTest.SmallBus.class)
class LoadedStreamTest {

    private static final String ORDER = """
            {"topic": "/event/Order__e", "bytes": 200, "count": 20000}""";

    @Inject
    ValueRegistry servers;

    private PubSubClient client;

    /** Keeps a thousand events, and takes its time with LATEST. */
    public static class SmallBus implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("lightline.simulator.retention.events", "1000", "lightline.simulator.settle", "1s");
        }
    }

    /** Asks for as many as have come. */
    private static final class Reader implements ClientResponseObserver<FetchRequest, FetchResponse> {
        private volatile long received;
        private volatile boolean inOrder = true;
        private @Nullable ClientCallStreamObserver<FetchRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<FetchRequest> stream) {
            call = stream;
        }

        @Override
        public void onNext(FetchResponse response) {
            response.getEventsList().forEach(event -> {
                received++;
                inOrder &= event.getEvent().getId().endsWith("%012x".formatted(received));
            });
            Objects.requireNonNull(call)
                    .onNext(FetchRequest.newBuilder()
                            .setNumRequested(Math.max(1, response.getEventsCount()))
                            .build());
        }

        @Override
        public void onError(Throwable error) {
            inOrder = false;
        }

        @Override
        public void onCompleted() {}
    }

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
    void aSubscriberLosesNothingOfWhatASourceMakesThoughTheBusKeepsLittle() {
        // given
        var reader = new Reader();
        client.async()
                .subscribe(reader)
                .onNext(FetchRequest.newBuilder()
                        .setTopicName(PubSubClient.TOPIC)
                        .setReplayPreset(ReplayPreset.EARLIEST)
                        .setNumRequested(100)
                        .build());
        Demo.awaitStreams(1);

        // when
        String id = Demo.order("POST", "/load", ORDER).statusCode(201).extract().path("id");

        // then
        await().until(() -> reader.received == 20_000);
        assertThat(reader.inOrder).isTrue();
        Demo.look("/load/" + id).body("produced", equalTo(20_000)).body("running", equalTo(false));
        Demo.order("DELETE", "/load/" + id, "").statusCode(204);
        Demo.look("/load").body("", hasSize(0));
    }

    @Test
    void aSourceNeedsATopicThatOneCanPublishTo() {
        Demo.order("POST", "/load", "{\"topic\": \"/data/AccountChangeEvent\"}").statusCode(400);
        Demo.order("DELETE", "/load/4711", "").statusCode(404);
    }

    @Test
    void whatIsPublishedBeforeALatestSubscriptionHasSettledIsNotForIt() {
        // given
        var stream = client.subscribe(ReplayPreset.LATEST, 100);
        Demo.awaitStreams(1);
        var lost = Demo.publish(1);

        // when: it has settled when an event comes through
        await().until(() -> {
            Demo.publish(1);
            return !stream.events().isEmpty();
        });

        // then
        assertThat(stream.ids()).doesNotContainAnyElementsOf(lost);
    }
}
