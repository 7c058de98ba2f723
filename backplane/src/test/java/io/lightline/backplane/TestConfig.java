package io.lightline.backplane;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** The {@link BackplaneConfig} that a service would get from its configuration, with the defaults of the shipped mapping. */
public final class TestConfig {

    private TestConfig() {}

    public static BackplaneConfig defaults() {
        return with(Map.of());
    }

    /** @param values by the key's last part, for example {@code "idempotency-window" -> "200ms"} */
    public static BackplaneConfig with(Map<String, String> values) {
        var builder = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 1, new DurationConverter())
                .withMapping(BackplaneConfig.class);
        values.forEach((key, value) -> builder.withDefaultValue("lightline.backplane." + key, value));
        return builder.build().getConfigMapping(BackplaneConfig.class);
    }
}
