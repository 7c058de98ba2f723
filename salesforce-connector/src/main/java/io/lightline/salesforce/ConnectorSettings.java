package io.lightline.salesforce;

import static org.eclipse.microprofile.reactive.messaging.spi.ConnectorFactory.CHANNEL_NAME_ATTRIBUTE;

import io.lightline.salesforce.auth.Credentials;
import io.lightline.salesforce.auth.Credentials.ClientCredentials;
import io.lightline.salesforce.auth.Credentials.FixedToken;
import io.lightline.salesforce.auth.Credentials.JwtBearer;
import io.lightline.salesforce.auth.Credentials.Secret;
import io.lightline.salesforce.auth.Token;
import io.lightline.salesforce.pubsub.InitialReplay;
import io.lightline.salesforce.pubsub.LostPosition;
import io.lightline.salesforce.pubsub.StreamSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * The attributes of one SmallRye stream, checked: what is missing or contradictory is said in one line.
 *
 * @param name what the org is called in metrics
 * @param health whether the stream takes part in the application's health checks at all
 * @param readiness whether it takes part in its readiness
 */
record ConnectorSettings(
        String name,
        OrgSettings org,
        List<StreamSettings> topics,
        DeliveredItems items,
        boolean health,
        boolean readiness) {

    // Text, because the connector's annotations show them too.
    static final String ENDPOINT_HOST = "api.pubsub.salesforce.com";
    static final String ENDPOINT_PORT = "7443";
    static final String PLAINTEXT = "false";
    static final String ITEMS = "events";
    static final String HEALTH_ENABLED = "true";
    static final String INITIAL_REPLAY = "latest";
    static final String ON_LOST_POSITION = "latest";
    static final String WINDOW = "100";
    static final String WATCHDOG = "PT5M";
    static final String SETTLE_TIME = "PT5S";
    static final String RETRY_DELAY = "PT1S";
    static final String MAX_RETRY_DELAY = "PT1M";
    static final String OPERATOR_DELAY = "PT5M";
    static final String QUOTA_DELAY = "PT15M";
    static final String TOKEN_TTL = "PT30M";
    static final String STORE_TIMEOUT = "PT10S";
    static final String MAX_MESSAGE_SIZE = "134217728";

    static ConnectorSettings of(Config config) {
        var org = new OrgSettings(
                credentials(config),
                duration(config, "token-ttl", TOKEN_TTL),
                new Endpoint(
                        text(config, "endpoint-host").orElse(ENDPOINT_HOST),
                        number(config, "endpoint-port", ENDPOINT_PORT),
                        flag(config, "plaintext", PLAINTEXT),
                        text(config, "trust-certificate-file").map(Path::of)),
                number(config, "max-message-size", MAX_MESSAGE_SIZE));
        return new ConnectorSettings(
                text(config, "org").orElseGet(() -> config.getValue(CHANNEL_NAME_ATTRIBUTE, String.class)),
                org,
                topics(config),
                constant(config, "items", ITEMS, DeliveredItems.class),
                flag(config, "health-enabled", HEALTH_ENABLED),
                flag(config, "health-readiness-enabled", HEALTH_ENABLED));
    }

    private static List<StreamSettings> topics(Config config) {
        List<String> names = Stream.of(text(config, "topics").orElse("").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException("salesforce-pubsub: topics names no topic");
        }
        names.stream().filter(name -> !name.startsWith("/")).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    "salesforce-pubsub: not a topic (they begin with /event/ or /data/): " + name);
        });
        return names.stream().map(name -> topic(name, config)).toList();
    }

    private static StreamSettings topic(String name, Config config) {
        return new StreamSettings(
                name,
                constant(config, "initial-replay", INITIAL_REPLAY, InitialReplay.class),
                constant(config, "on-lost-position", ON_LOST_POSITION, LostPosition.class),
                number(config, "window", WINDOW),
                duration(config, "watchdog", WATCHDOG),
                duration(config, "settle-time", SETTLE_TIME),
                duration(config, "store-timeout", STORE_TIMEOUT),
                new StreamSettings.Pauses(
                        duration(config, "retry-delay", RETRY_DELAY),
                        duration(config, "max-retry-delay", MAX_RETRY_DELAY),
                        duration(config, "operator-delay", OPERATOR_DELAY),
                        duration(config, "quota-delay", QUOTA_DELAY)));
    }

    private static <E extends Enum<E>> E constant(Config config, String attribute, String byDefault, Class<E> type) {
        String text = text(config, attribute).orElse(byDefault);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("salesforce-pubsub: " + attribute + " is one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + ", not " + text));
    }

    private static Credentials credentials(Config config) {
        long ways = Stream.of(
                        text(config, "client-secret"),
                        text(config, "client-secret-file"),
                        text(config, "private-key-file"),
                        text(config, "access-token"))
                .filter(Optional::isPresent)
                .count();
        if (ways != 1) {
            throw new IllegalArgumentException("salesforce-pubsub: exactly one of client-secret, client-secret-file,"
                    + " private-key-file and access-token says how to log in, not " + ways + " of them");
        }
        if (text(config, "access-token").isPresent()) {
            return new FixedToken(new Token(
                    text(config, "access-token").get(), uri(config, "instance-url"), given(config, "tenant-id")));
        }
        URI loginUrl = uri(config, "login-url");
        String clientId = given(config, "client-id");
        return text(config, "private-key-file")
                .<Credentials>map(key -> new JwtBearer(loginUrl, clientId, given(config, "username"), Path.of(key)))
                .orElseGet(() -> new ClientCredentials(loginUrl, clientId, secret(config)));
    }

    private static Secret secret(Config config) {
        return text(config, "client-secret-file")
                .<Secret>map(file -> new Secret.InFile(Path.of(file)))
                .orElseGet(() -> new Secret.Literal(given(config, "client-secret")));
    }

    private static String given(Config config, String attribute) {
        return text(config, attribute)
                .orElseThrow(() -> new IllegalArgumentException(
                        "salesforce-pubsub: " + attribute + " is needed to log in this way"));
    }

    private static URI uri(Config config, String attribute) {
        String text = given(config, attribute);
        URI uri = URI.create(text);
        if (uri.getHost() == null || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("salesforce-pubsub: " + attribute + " is not an http(s) URL: " + text);
        }
        return uri;
    }

    private static Optional<String> text(Config config, String attribute) {
        return config.getOptionalValue(attribute, String.class);
    }

    private static int number(Config config, String attribute, String byDefault) {
        return config.getOptionalValue(attribute, Integer.class).orElseGet(() -> Integer.valueOf(byDefault));
    }

    private static boolean flag(Config config, String attribute, String byDefault) {
        return config.getOptionalValue(attribute, Boolean.class).orElseGet(() -> Boolean.valueOf(byDefault));
    }

    private static Duration duration(Config config, String attribute, String byDefault) {
        return config.getOptionalValue(attribute, Duration.class).orElseGet(() -> Duration.parse(byDefault));
    }
}
