package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.salesforce.auth.Credentials.ClientCredentials;
import io.lightline.salesforce.auth.Credentials.FixedToken;
import io.lightline.salesforce.auth.Credentials.JwtBearer;
import io.lightline.salesforce.auth.Credentials.Secret;
import io.lightline.salesforce.pubsub.InitialReplay;
import io.lightline.salesforce.pubsub.LostPosition;
import io.lightline.salesforce.pubsub.ReplayStore;
import io.lightline.salesforce.pubsub.StreamSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorSettingsTest {

    private final Map<String, String> attributes = new HashMap<>(Map.of(
            "channel-name", "orders",
            "topics", "/event/Order__e",
            "login-url", "https://acme.my.salesforce.com",
            "client-id", "app",
            "client-secret", "s"));

    @Test
    void minimumIsATopicAndAWayToLogIn() {
        // when
        ConnectorSettings settings = settings();

        // then
        assertThat(settings.org().credentials())
                .isEqualTo(new ClientCredentials(
                        URI.create("https://acme.my.salesforce.com"), "app", new Secret.Literal("s")));
        assertThat(settings.org().tokenLife()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.org().endpoint())
                .isEqualTo(new Endpoint("api.pubsub.salesforce.com", 7443, false, Optional.empty()));
        assertThat(settings.topics())
                .containsExactly(new StreamSettings(
                        "/event/Order__e",
                        InitialReplay.LATEST,
                        LostPosition.LATEST,
                        100,
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        new StreamSettings.Pauses(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(60),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(15))));
    }

    @Test
    void defaultsAreThoseThatTheAnnotationsDocument() {
        // given
        var documented = new HashMap<>(attributes);
        for (ConnectorAttribute attribute : SalesforceConnector.class.getAnnotationsByType(ConnectorAttribute.class)) {
            if (!attribute.defaultValue().equals(ConnectorAttribute.NO_VALUE)) {
                documented.put(attribute.name(), attribute.defaultValue());
            }
        }

        // when / then
        assertThat(ConnectorSettings.of(config(documented))).isEqualTo(settings());
        assertThat(documented).hasSizeGreaterThan(attributes.size() + 10);
    }

    @Test
    void orgIsCalledLikeTheStreamUnlessItHasAName() {
        // when / then
        assertThat(settings().name()).isEqualTo("orders");
        assertThat(with("org", "acme").name()).isEqualTo("acme");
    }

    @Test
    void topicsAreSeparatedByCommas() {
        // given
        attributes.put("topics", "/event/Order__e, /data/AccountChangeEvent,,/event/Order__e");

        // when / then
        assertThat(settings().topics())
                .extracting(StreamSettings::topic)
                .containsExactly("/event/Order__e", "/data/AccountChangeEvent");
    }

    @Test
    void secretFileKeyFileAndTokenAreOtherWaysToLogIn() {
        // given
        attributes.remove("client-secret");

        // when / then
        assertThat(with("client-secret-file", "/run/secret").org().credentials())
                .isEqualTo(new ClientCredentials(
                        URI.create("https://acme.my.salesforce.com"),
                        "app",
                        new Secret.InFile(Path.of("/run/secret"))));
        attributes.remove("client-secret-file");
        attributes.put("username", "bridge@acme");
        assertThat(with("private-key-file", "/run/key.pem").org().credentials())
                .isEqualTo(new JwtBearer(
                        URI.create("https://acme.my.salesforce.com"), "app", "bridge@acme", Path.of("/run/key.pem")));
        attributes.remove("private-key-file");
        attributes.put("instance-url", "http://127.0.0.1:7080");
        attributes.put("tenant-id", "00D000000000001EAA");
        assertThat(with("access-token", "demo").org().credentials()).isInstanceOf(FixedToken.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topics           | ,                | topics names no topic",
                "topics           | Order__e         | not a topic",
                "initial-replay   | yesterday        | initial-replay is one of latest, earliest",
                "on-lost-position | panic            | on-lost-position is one of latest, earliest, halt, not panic",
                "items            | some             | items is one of events, all, not some",
                "window           | 101              | window",
                "private-key-file | key.pem          | exactly one of",
                "login-url        | acme             | login-url is not an http(s) URL",
                "retry-delay      | PT2M             | first pause",
                "trust-certificate-file | /no/such/file | trust-certificate-file cannot be read"
            })
    void contradictionIsSaidInOneLine(String attribute, String value, String complaint) {
        // given
        attributes.put(attribute, value);

        // when / then
        assertThatThrownBy(() -> SalesforceConnection.open(
                        settings(), ReplayStore.none(), _ -> CompletableFuture.completedStage(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({"login-url", "client-id", "client-secret"})
    void missingAttributeIsNamed(String attribute) {
        // given
        attributes.remove(attribute);

        // when / then
        assertThatThrownBy(this::settings)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(attribute);
    }

    private ConnectorSettings with(String attribute, String value) {
        attributes.put(attribute, value);
        return settings();
    }

    private ConnectorSettings settings() {
        return ConnectorSettings.of(config(attributes));
    }

    private static Config config(Map<String, String> attributes) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(attributes, "test", 500))
                .addDefaultInterceptors()
                .build();
    }
}
