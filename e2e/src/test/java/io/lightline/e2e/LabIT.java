package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lightline.localstack.LocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of {@code e2e/browser}, in which a real Chromium shows our Lightning components against a stack of its own:
 * skipped where there is no Chromium. Pictures are in {@code target/screenshots}; {@code -Dlightline.screenshots=docs/images}
 * takes them for the documentation as well, and {@code -Dlightline.lab=50x100x100} gives the experiment so many clients, messages
 * for all of them, and messages for each; by default there are few of the last ones, which take long.
 */
class LabIT {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final NpmProject TESTS = NpmProject.in("browser");

    @Test
    void componentsAndTheLabWorkInARealBrowser() throws Exception {
        var chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), Chromium.MISSING);
        buildTheLab();
        TESTS.install();
        try (var stack = RunningStack.alone("lab-stack");
                var door = StageDoor.of(stack);
                var shortPings = LoneRelay.start(
                        "lab-short-pings",
                        Map.of(
                                "lightline.tenants.demo.namespaces.lab.prefix", "lab:",
                                "lightline.tenants.demo.namespaces.lab.publish", "anybody",
                                "lightline.tenants.demo.allowed-origins", "*",
                                "lightline.session.ping-interval", "1s",
                                "lightline.session.pong-timeout", "900ms"))) {
            TESTS.run(tests(chromium.get(), stack, door, shortPings), LIMIT);
        }
    }

    /** The script knows whether there is something to do. */
    private static void buildTheLab() throws Exception {
        new NpmProject(PROJECT).run(new ProcessBuilder("scripts/build-lab"));
        assertThat(PROJECT.resolve("salesforce/local/target/site/lab.js")).exists();
    }

    private static ProcessBuilder tests(Path chromium, LocalStack stack, StageDoor door, LoneRelay shortPings) {
        var tests = new ProcessBuilder("npm", "test");
        tests.environment()
                .putAll(Map.of(
                        "CHROMIUM", chromium.toString(),
                        "LAB", stack.labUri().orElseThrow().toString(),
                        "ORG", stack.simulator().httpUri("").toString(),
                        "STAGE", door.uri().toString(),
                        "SHORT_PINGS", shortPings.webSocketUri().toString(),
                        "SIZE", System.getProperty("lightline.lab", "50x100x5"),
                        "SCREENSHOTS",
                                Path.of("target", "screenshots")
                                        .toAbsolutePath()
                                        .toString(),
                        "DOC_SCREENSHOTS", documentationFolder()));
        return tests;
    }

    /** Relative to the project; empty unless asked for. */
    private static String documentationFolder() {
        String folder = System.getProperty("lightline.screenshots", "");
        return folder.isEmpty() ? "" : PROJECT.resolve(folder).toString();
    }
}
