package io.lightline.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ControlApiTest {

    private static final String BASE = "/simulator/orgs/{org}";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:GET|POST|PUT|DELETE) /[^`]*)` \\|");
    private static final List<Class<?>> RESOURCES = List.of(
            ControlResource.class,
            DefinitionResource.class,
            FaultResource.class,
            LoadResource.class,
            StreamResource.class);

    @Test
    void theReadmeListsEveryRequestAndNoOther() throws IOException {
        // given
        var readme = Files.readString(java.nio.file.Path.of("README.md"));

        // when
        var listed = ROW.matcher(readme).results().map(match -> match.group(1)).collect(Collectors.toSet());

        // then
        assertThat(listed).isEqualTo(requests());
    }

    private static Set<String> requests() {
        return RESOURCES.stream()
                .flatMap(resource ->
                        Stream.of(resource.getDeclaredMethods()).flatMap(method -> request(resource, method)))
                .collect(Collectors.toSet());
    }

    private static Stream<String> request(Class<?> resource, Method method) {
        var path = resource.getAnnotation(Path.class).value()
                + Optional.ofNullable(method.getAnnotation(Path.class))
                        .map(own -> "/" + own.value())
                        .orElse("");
        return Stream.of(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(verb -> verb.value() + " " + path.substring(BASE.length()));
    }
}
