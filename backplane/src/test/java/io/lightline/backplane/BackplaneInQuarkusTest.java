package io.lightline.backplane;

import static io.lightline.backplane.TestPod.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.RedisProcess;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.junit.jupiter.api.Test;

/** The jar in a Quarkus application that names Redis' address and nothing else. */
@QuarkusTest
@TestProfile(BackplaneInQuarkusTest.Settings.class)
@WithTestResource(RedisResource.class)
class BackplaneInQuarkusTest {

    private static final ChannelName ORDERS = new ChannelName("acme", "/event/Order__e");

    @Inject
    Backplane backplane;

    @Inject
    Application application;

    @SuppressWarnings("NullAway.Init")
    @RedisResource.Injected
    RedisProcess redis;

    @Test
    void aStreamOfTheApplicationIsPublishedOnRedis() {
        // given
        assertThat(backplane).isInstanceOf(RedisBackplane.class);
        var pod = new TestPod(backplane).ready();
        pod.subscribes(ORDERS);

        // when
        var acknowledged = application.send(draft("from a stream"));

        // then
        pod.hears("\"from a stream\"");
        assertThat(acknowledged).succeedsWithin(TestPod.LIMIT);
        assertThat(pod.heard().getFirst().publication().offset()).isEqualTo(1);
    }

    @Test
    void theBackplaneOutlivesItsRedis() {
        // given
        var pod = new TestPod(backplane).ready();

        // when
        redis.kill();
        await().atMost(TestPod.LIMIT).until(() -> !backplane.state().ready());
        redis.restart();

        // then
        pod.ready();
        assertThat(pod.publishes(ORDERS, "after", BackplaneContract.KEEP).offset())
                .isEqualTo(1);
    }

    @ApplicationScoped
    static class Application {

        @Inject
        @Channel("orders")
        Emitter<Draft> out;

        CompletionStage<Void> send(Draft draft) {
            return out.send(draft);
        }
    }

    public static class Settings implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.devservices.enabled", "false",
                    "mp.messaging.outgoing.orders.connector", BackplaneConnector.NAME,
                    "mp.messaging.outgoing.orders.tenant", "acme",
                    "mp.messaging.outgoing.orders.channel", "/event/Order__e");
        }
    }
}
