package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code docker-compose.yml} promises of every container. Whether it works is shown by {@code make test-compose}. */
class ComposeFileTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path FILE = PROJECT.resolve("docker-compose.yml");
    private static final Path REAL_ORG = PROJECT.resolve("compose/salesforce.yml");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(:[-?])?([^}]*)}");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration DRAIN_RESERVE = Duration.ofSeconds(15);
    private static final String ONCE = "certificate";

    @Test
    void bothFilesFitTheSchemaOfComposeFiles() throws IOException, InterruptedException {
        // given
        Path lint = PROJECT.resolve("compose/lint");
        if (!Files.exists(lint.resolve("node_modules/.package-lock.json"))) {
            run(lint, "npm", "ci", "--no-audit", "--no-fund");
        }

        // when
        run(lint, "npm", "run", "--silent", "lint");

        // then it has ended with 0
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyServiceIsHardened(String name, Map<String, Object> service) {
        // then
        assertThat(service)
                .as(name)
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"))
                .doesNotContainKeys("privileged", "cap_add", "devices", "pid", "ipc", "ulimits", "container_name")
                .containsKey("healthcheck");
        if (name.equals(ONCE)) {
            assertThat(service).containsEntry("restart", "no").containsEntry("network_mode", "none");
        } else {
            assertThat(service)
                    .as(name)
                    .containsEntry("restart", "unless-stopped")
                    .containsKey("mem_limit");
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyImageIsPinnedOrOurs(String name, Map<String, Object> service) {
        // given
        String image = (String) service.get("image");

        // then
        if (service.containsKey("build")) {
            assertThat(image).as(name).matches("lightline/[a-z]+:\\$\\{LIGHTLINE_VERSION:-dev}");
        } else {
            assertThat(image).as(name).matches("[a-z/]+:v?\\d+\\.\\d+(\\.\\d+)?");
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyPortIsPublishedOnThisMachineOnly(String name, Map<String, Object> service) {
        // then
        assertThat((Collection<?>) service.getOrDefault("ports", List.of()))
                .as(name)
                .allSatisfy(
                        port -> assertThat(port).asString().matches("127\\.0\\.0\\.1:\\$\\{[A-Z]+_PORT:-\\d+}:\\d+"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyServiceWaitsUntilWhatItNeedsIsHealthy(String name, Map<String, Object> service) {
        // given
        @SuppressWarnings("unchecked")
        var needs = (Map<String, Map<String, Object>>) service.getOrDefault("depends_on", Map.of());

        // then
        assertThat(needs)
                .as(name)
                .allSatisfy((needed, how) -> assertThat(how)
                        .containsEntry(
                                "condition",
                                needed.equals(ONCE) ? "service_completed_successfully" : "service_healthy"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyMountedFileExistsAndIsReadOnly(String name, Map<String, Object> service) {
        // given
        var mounts = ((Collection<?>) service.getOrDefault("volumes", List.of()))
                .stream()
                        .map(Object::toString)
                        .filter(mount -> mount.startsWith("."))
                        .toList();

        // then
        assertThat(mounts).as(name).allSatisfy(mount -> {
            assertThat(mount).endsWith(":ro");
            assertThat(PROJECT.resolve(mount.substring(0, mount.indexOf(':')))).exists();
        });
    }

    @Test
    void dockerWaitsLongerForARelayThanItsDrainTakes() throws IOException {
        // given
        String file = Files.readString(FILE);

        // when
        Duration window = seconds(file, "LIGHTLINE_DRAIN_WINDOW");
        Duration patience = seconds(file, "LIGHTLINE_STOP_GRACE");

        // then
        assertThat(patience).isGreaterThanOrEqualTo(window.plus(DRAIN_RESERVE));
    }

    @Test
    void theGatewayBelievesNoClientsAddressAndRepeatsNoPublication() throws IOException {
        assertThat(Files.readString(PROJECT.resolve("compose/gateway/haproxy.cfg")))
                .contains(
                        "http-request set-header X-Forwarded-For %[src]", "http-request disable-l7-retry if METH_POST")
                .doesNotContain("option forwardfor");
    }

    @Test
    void theDemoNeedsNoVariableAndARealOrgHasNoDefaultSecret() throws IOException {
        // then
        assertThat(variables(FILE))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(variable.group(2)).isEqualTo(":-"));
        assertThat(variables(REAL_ORG))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(variable.group(2)).isEqualTo(":?"));
    }

    @Test
    void theExampleNamesEveryVariable() throws IOException {
        // given
        var used = new TreeSet<String>(List.of("COMPOSE_FILE", "COMPOSE_PROFILES"));
        Stream.concat(variables(FILE).stream(), variables(REAL_ORG).stream())
                .map(variable -> variable.group(1))
                .filter(variable -> !variable.equals("LIGHTLINE_VERSION"))
                .forEach(used::add);

        // when
        var named = Pattern.compile("(?m)^#?([A-Z_]+)=")
                .matcher(Files.readString(PROJECT.resolve(".env.example")))
                .results()
                .map(line -> line.group(1))
                .toList();

        // then
        assertThat(named).containsExactlyInAnyOrderElementsOf(used);
    }

    private static Stream<Object[]> services() throws IOException {
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Map<String, Map<String, Map<String, Object>>> file = yaml.load(Files.readString(FILE));
        return file.getOrDefault("services", Map.of()).entrySet().stream()
                .map(service -> new Object[] {service.getKey(), service.getValue()});
    }

    private static List<MatchResult> variables(Path file) throws IOException {
        return VARIABLE.matcher(Files.readString(file)).results().toList();
    }

    private static Duration seconds(String file, String variable) {
        var found = Pattern.compile("\\$\\{" + variable + ":-(\\d+)s}").matcher(file);
        assertThat(found.find()).as(variable).isTrue();
        return Duration.ofSeconds(Integer.parseInt(found.group(1)));
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("compose-lint-", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                        .as("%s ends within %s", List.of(command), LIMIT)
                        .isTrue();
                assertThat(process.exitValue())
                        .as("%s: %s", List.of(command), Files.readString(output))
                        .isZero();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } finally {
            Files.delete(output);
        }
    }
}
