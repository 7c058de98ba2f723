package io.lightline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.relay.hub.HubConfig;
import io.lightline.relay.ops.RelayConfig;
import io.lightline.relay.session.SessionConfig;
import io.lightline.relay.tenant.TenantConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} lists every key of the relay with its environment variable and default. */
class ConfigurationDocTest {

    private static final Path DOC = Path.of("..", "docs", "configuration.md");

    @Test
    void everyKeyOfTheRelayIsListedWithItsDefault() throws IOException {
        var expected = Stream.of(
                        rows(RelayConfig.class),
                        rows(SessionConfig.class),
                        rows(HubConfig.class),
                        rows(BackplaneConfig.class),
                        rows("lightline.tenants.<id>", TenantConfig.class),
                        rows("lightline.tenants.<id>.namespaces.<name>", TenantConfig.NamespaceConfig.class))
                .flatMap(rows -> rows)
                .toList();

        assertThat(documented()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Stream<List<String>> rows(Class<?> mapping) {
        return rows(mapping.getAnnotation(ConfigMapping.class).prefix(), mapping);
    }

    private static Stream<List<String>> rows(String prefix, Class<?> mapping) {
        return Stream.of(mapping.getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && method.getReturnType() != Map.class)
                .map(method -> row(prefix + "." + kebab(method.getName()), method));
    }

    private static List<String> row(String key, Method method) {
        String environment =
                key.contains("<") ? "" : "`" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_") + "`";
        String value = Optional.ofNullable(method.getAnnotation(WithDefault.class))
                .map(given -> "`" + given.value() + "`")
                .orElse(method.getReturnType() == Optional.class ? "" : "required");
        return List.of("`" + key + "`", environment, value);
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<List<String>> documented() throws IOException {
        String text = Files.readString(DOC);
        String relay = text.substring(text.indexOf("## Relay"), text.indexOf("## Publisher"));
        return relay.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Stream.of(line.split("\\|", -1))
                        .skip(1)
                        .limit(3)
                        .map(String::strip)
                        .toList())
                .toList();
    }
}
