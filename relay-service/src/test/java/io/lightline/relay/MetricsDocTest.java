package io.lightline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.RedisResource;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} lists the metrics that a relay has, with their labels. */
@QuarkusTest
@WithTestResource(RedisResource.class)
@NullUnmarked
class MetricsDocTest {

    private static final Pattern NAME = Pattern.compile("`([a-z_.]+)`");

    @Inject
    MeterRegistry registry;

    @TestHTTPResource("/")
    URI server;

    @Test
    void everyMetricIsListed() throws IOException {
        // given: those that begin with their first use
        SocketClient.connect(server).leaves();
        RestAssured.given()
                .header("X-API-Key", "test-key")
                .contentType("application/json")
                .body("{}")
                .post(server + "api/info")
                .then()
                .statusCode(200);

        // when
        Map<String, List<String>> present = registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("lightline."))
                .collect(Collectors.toMap(
                        Meter.Id::getName,
                        id -> id.getTags().stream()
                                .map(tag -> tag.getKey())
                                .sorted()
                                .toList(),
                        (one, _) -> one));

        // then
        assertThat(present).isEqualTo(listed());
    }

    private static Map<String, List<String>> listed() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "operations.md"));
        return text.substring(text.indexOf("## Metrics"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .collect(Collectors.toMap(
                        cells -> names(cells[1]).getFirst(),
                        cells -> names(cells[2]).stream().sorted().toList()));
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
