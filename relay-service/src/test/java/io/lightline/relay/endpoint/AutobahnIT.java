package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.RedisResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * The Autobahn test suite for WebSocket servers, without its performance cases (9.*). It is a Python program that a Jython of its
 * own runs; the build puts both into {@link #HOME}.
 */
@QuarkusTest
@WithTestResource(RedisResource.class)
@NullUnmarked
class AutobahnIT {

    private static final Path HOME = Path.of("target", "autobahn");
    private static final Path REPORTS = HOME.resolve("reports");
    private static final int CASES = 247;
    private static final String AGENT = "lightline";
    private static final String CLOSE_OPCODE = "8";
    private static final String RUN = """
            import sys, json
            from autobahntestsuite import wstest
            wstest.start({'mode': 'fuzzingclient', 'debug': False}, json.loads(sys.argv[1]))
            """;

    /** How a case and its end turned out, and how many frames of each opcode the server sent. */
    private record Verdict(String id, String behavior, String close, String closeCode, JsonNode frames) {}

    private final ObjectMapper json = new ObjectMapper();

    @TestHTTPResource("/")
    URI server;

    @Test
    void noCaseFailsAndEveryCloseIsRight() throws IOException, InterruptedException {
        // when
        run();

        // then
        List<Verdict> verdicts = verdicts();
        assertThat(verdicts).hasSize(CASES);
        assertThat(verdicts).allSatisfy(verdict -> {
            assertThat(verdict.behavior()).as("%s", verdict).isIn("OK", "NON-STRICT", "INFORMATIONAL");
            assertThat(verdict.close()).as("%s", verdict).isIn("OK", "INFORMATIONAL");
            assertThat(verdict.frames().path(CLOSE_OPCODE).asInt())
                    .as("%s", verdict)
                    .isOne();
        });
    }

    private void run() throws IOException, InterruptedException {
        Path log = HOME.resolve("autobahn.log");
        Process suite = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dpython.cachedir.skip=true",
                        "-cp",
                        HOME + "/*",
                        "org.python.util.jython",
                        "-c",
                        RUN,
                        spec())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(suite.waitFor(8, TimeUnit.MINUTES)).as("ends in time").isTrue();
            assertThat(suite.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            suite.destroyForcibly();
        }
    }

    private String spec() throws IOException {
        String url = "ws://" + server.getAuthority() + "/";
        return json.writeValueAsString(Map.of(
                "outdir",
                REPORTS.toString(),
                "servers",
                List.of(Map.of("agent", AGENT, "url", url)),
                "cases",
                List.of("*"),
                "exclude-cases",
                List.of("9.*")));
    }

    private List<Verdict> verdicts() throws IOException {
        var verdicts = new ArrayList<Verdict>();
        for (var found : report("index.json").path(AGENT).properties()) {
            verdicts.add(verdict(found.getKey(), found.getValue()));
        }
        return verdicts;
    }

    private Verdict verdict(String id, JsonNode found) throws IOException {
        return new Verdict(
                id,
                found.path("behavior").asText(),
                found.path("behaviorClose").asText(),
                found.path("remoteCloseCode").asText(),
                report(found.path("reportfile").asText()).path("rxFrameStats"));
    }

    private JsonNode report(String file) throws IOException {
        return json.readTree(REPORTS.resolve(file).toFile());
    }
}
