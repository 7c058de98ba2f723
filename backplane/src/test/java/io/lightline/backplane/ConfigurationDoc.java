package io.lightline.backplane;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code docs/configuration.md} says of a service, and what its configuration mappings say: key, environment variable and
 * default, row by row. Tests of the services compare the two.
 */
public final class ConfigurationDoc {

    private static final Path DOC = Path.of("..", "docs", "configuration.md");

    private ConfigurationDoc() {}

    /** The rows of all tables under a heading of the second level. */
    public static List<List<String>> documented(String heading) throws IOException {
        String text = Files.readString(DOC);
        return text.substring(text.indexOf("\n## " + heading + "\n") + 1)
                .lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> Stream.of(line.split("\\|", -1))
                        .skip(1)
                        .limit(3)
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** The rows that a mapping calls for, with those of its groups. */
    public static Stream<List<String>> rows(Class<?> mapping) {
        return rows(mapping.getAnnotation(ConfigMapping.class).prefix(), mapping);
    }

    private static Stream<List<String>> rows(String prefix, Class<?> mapping) {
        return Stream.of(mapping.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .flatMap(method -> rows(prefix + "." + kebab(method.getName()), method));
    }

    private static Stream<List<String>> rows(String key, Method method) {
        if (method.getReturnType() == Map.class) {
            var group = (Class<?>) ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[1];
            boolean unnamed = method.isAnnotationPresent(WithParentName.class);
            return rows(unnamed ? key.substring(0, key.lastIndexOf('.')) + ".<id>" : key + ".<name>", group);
        }
        if (method.getReturnType().isInterface() && isGroup(method.getReturnType())) {
            return rows(key, method.getReturnType());
        }
        return Stream.of(row(key, method));
    }

    private static boolean isGroup(Class<?> type) {
        return type.getName().startsWith("io.lightline.");
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
}
