package io.lightline.publisher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lightline.publisher.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlansTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<List<String>> heard = new CopyOnWriteArrayList<>();

    private @Nullable Plans plans;

    @AfterEach
    void close() {
        if (plans != null) {
            plans.close();
        }
    }

    @Test
    void configuredOrgsAreToldAtOnce() {
        // when
        follow(Map.of());

        // then
        assertThat(heard).containsExactly(List.of("acme"));
    }

    @Test
    void orgsOfTheFileComeAndGoWithIt() throws IOException {
        // given
        Path file = write(org("beta"));

        // when
        follow(Map.of("orgs-file", file.toString(), "reload-interval", "10ms"));
        write(org("gamma"));

        // then
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(heard).containsExactly(List.of("acme", "beta"), List.of("acme", "gamma")));
    }

    @Test
    void badFileLeavesTheLastGoodOneInForce() throws IOException {
        // given
        Path file = write(org("beta"));
        follow(Map.of("orgs-file", file.toString(), "reload-interval", "10ms"));

        // when
        write(org("acme"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(readings("refused")).isGreaterThan(1));
        Files.delete(file);
        write(org("beta") + org("gamma").replace("orgs:\n", ""));

        // then
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(heard).containsExactly(List.of("acme", "beta"), List.of("acme", "beta", "gamma")));
        assertThat(readings("taken")).isEqualTo(2);
    }

    @Test
    void configuredOrgsAreReadAlthoughTheFileIsMissing() {
        // when
        follow(Map.of("orgs-file", folder.resolve("nowhere.yaml").toString()));

        // then
        assertThat(heard).containsExactly(List.of("acme"));
        assertThat(readings("refused")).isEqualTo(1);
    }

    private void follow(Map<String, String> settings) {
        plans = new Plans(TestSettings.with(settings), meters);
        plans.follow(orgs -> heard.add(orgs.stream().map(OrgPlan::name).sorted().toList()));
    }

    /** In one step, as a mounted ConfigMap changes. */
    private Path write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next.yaml"), text);
        return Files.move(
                next, folder.resolve("orgs.yaml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private double readings(String outcome) {
        return meters.counter("lightline.publisher.orgs.readings", "outcome", outcome)
                .count();
    }

    private static String org(String name) {
        return """
                orgs:
                  NAME:
                    topics: /event/Order__e
                    login-url: https://acme.my.salesforce.com
                    client-id: app
                    client-secret: s
                """.replace("NAME", name);
    }
}
