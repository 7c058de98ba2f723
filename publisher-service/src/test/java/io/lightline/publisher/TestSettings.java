package io.lightline.publisher;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A configuration that is right, and ways to make it wrong. */
public final class TestSettings {

    private static final String PREFIX = "lightline.publisher.";

    private TestSettings() {}

    public static PublisherConfig valid() {
        return with(Map.of());
    }

    /** @param changes below {@code lightline.publisher.}; an empty value takes a key away */
    public static PublisherConfig with(Map<String, String> changes) {
        var values = new HashMap<>(Map.of(
                PREFIX + "orgs.acme.topics", "/event/Order__e",
                PREFIX + "orgs.acme.login-url", "https://acme.my.salesforce.com",
                PREFIX + "orgs.acme.client-id", "app",
                PREFIX + "orgs.acme.client-secret", "s"));
        changes.forEach((key, value) -> values.put(PREFIX + key, value));
        return new SmallRyeConfigBuilder()
                .withMapping(PublisherConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(values, "test", 500))
                .build()
                .getConfigMapping(PublisherConfig.class);
    }
}
