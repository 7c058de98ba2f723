package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The jar in a Quarkus application that has no Redis and says so. */
@QuarkusTest
@TestProfile(InMemoryInQuarkusTest.Settings.class)
class InMemoryInQuarkusTest {

    private static final ChannelName CHAT = new ChannelName("acme", "chat:room");

    @Inject
    Backplane backplane;

    @Test
    void nothingOfRedisIsNeeded() {
        // given
        assertThat(backplane).isInstanceOf(InMemoryBackplane.class);
        var pod = new TestPod(backplane).ready();
        pod.subscribes(CHAT);

        // when
        pod.publishes(CHAT, "m", Retention.NONE);

        // then
        pod.hears("\"m\"");
    }

    public static class Settings implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.devservices.enabled", "false", "lightline.backplane.type", "memory");
        }
    }
}
