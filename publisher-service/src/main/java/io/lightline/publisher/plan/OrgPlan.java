package io.lightline.publisher.plan;

import io.lightline.backplane.ChannelName;
import io.lightline.publisher.OrgConfig;
import io.lightline.publisher.OrgConfig.TopicConfig;
import io.lightline.publisher.route.Route;
import io.lightline.publisher.route.TopicName;
import io.lightline.salesforce.Endpoint;
import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.auth.Credentials;
import io.lightline.salesforce.auth.Credentials.Secret;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.pubsub.InitialReplay;
import io.lightline.salesforce.pubsub.LostPosition;
import io.lightline.salesforce.pubsub.StreamSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is to be read of one org.
 *
 * @param publishTopics those that may be published to; the channel of each has its name
 */
public record OrgPlan(
        String name, String tenant, OrgSettings settings, List<TopicPlan> topics, List<String> publishTopics) {

    /** @param config one that {@link OrgCheck} has no complaint about */
    static OrgPlan of(String name, OrgConfig config) {
        String tenant = config.tenant().orElse(name);
        var settings = new OrgSettings(
                credentials(config),
                config.tokenTtl(),
                new Endpoint(
                        config.endpointHost(),
                        config.endpointPort(),
                        config.plaintext(),
                        config.trustCertificateFile()),
                config.maxMessageSize());
        return new OrgPlan(
                name,
                tenant,
                settings,
                config.topics().stream()
                        .distinct()
                        .map(topic -> topic(new TopicName(name, topic), tenant, settings, config))
                        .toList(),
                config.publishTopics().orElse(List.of()).stream().distinct().toList());
    }

    private static TopicPlan topic(TopicName topic, String tenant, OrgSettings settings, OrgConfig config) {
        Optional<TopicConfig> own = Optional.ofNullable(config.overrides().get(topic.topic()));
        var channel = new ChannelName(tenant, own.flatMap(TopicConfig::channel).orElse(topic.topic()));
        return new TopicPlan(
                new Route(topic, channel, own.map(TopicConfig::records).orElse(false)),
                settings,
                new StreamSettings(
                        topic.topic(),
                        InitialReplay.valueOf(upper(own, TopicConfig::initialReplay, config.initialReplay())),
                        LostPosition.valueOf(upper(own, TopicConfig::onLostPosition, config.onLostPosition())),
                        own.flatMap(TopicConfig::window).orElse(config.window()),
                        config.watchdog(),
                        config.settleTime(),
                        config.storeTimeout(),
                        new StreamSettings.Pauses(
                                config.retryDelay(),
                                config.maxRetryDelay(),
                                config.operatorDelay(),
                                config.quotaDelay())));
    }

    private static String upper(
            Optional<TopicConfig> own, Function<TopicConfig, Optional<String>> key, String ofTheOrg) {
        return own.flatMap(key).orElse(ofTheOrg).toUpperCase(Locale.ROOT);
    }

    private static Credentials credentials(OrgConfig config) {
        if (config.accessToken().isPresent()) {
            return new Credentials.FixedToken(new Token(
                    config.accessToken().get(),
                    config.instanceUrl().orElseThrow(),
                    config.tenantId().orElseThrow()));
        }
        var loginUrl = config.loginUrl().orElseThrow();
        String clientId = config.clientId().orElseThrow();
        return config.privateKeyFile()
                .<Credentials>map(key -> new Credentials.JwtBearer(
                        loginUrl, clientId, config.username().orElseThrow(), key))
                .orElseGet(() -> new Credentials.ClientCredentials(loginUrl, clientId, secret(config)));
    }

    private static Secret secret(OrgConfig config) {
        return config.clientSecretFile()
                .<Secret>map((Path file) -> new Secret.InFile(file))
                .orElseGet(() -> new Secret.Literal(config.clientSecret().orElseThrow()));
    }
}
