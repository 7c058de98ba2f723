package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.localstack.LocalStack;
import io.lightline.localstack.RelayPod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the tests of {@code e2e/sdk}, in which the unmodified npm SDK is our client, against real relays. */
class CentrifugeSdkIT {

    private static final Path SDK = Path.of("sdk").toAbsolutePath();

    @BeforeAll
    static void installTheSdk() throws Exception {
        Path lock = SDK.resolve("package-lock.json");
        Path installed = SDK.resolve("node_modules/.package-lock.json");
        boolean current = Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) > 0;
        if (!current) {
            run(new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund"));
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @ExtendWith(RunningStack.class)
    void theUnmodifiedNpmSdkIsServedByBothPodsOfTheStack(LocalStack stack) throws Exception {
        run(tests(
                "test:stack",
                Map.of(
                        "POD_1", stack.relay(0).webSocketUri().toString(),
                        "POD_2", stack.relay(1).webSocketUri().toString(),
                        "API", stack.relay(1).apiUri("").toString(),
                        "API_KEY", RelayPod.API_KEY)));
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void theUnmodifiedNpmSdkUnderstandsTokensRightsAndRefusals() throws Exception {
        try (var pods = TenantPods.start()) {
            run(tests("test:tenants", pods.environment()));
        }
    }

    private static ProcessBuilder tests(String script, Map<String, String> environment) {
        var tests = new ProcessBuilder("npm", "run", script);
        tests.environment().putAll(environment);
        return tests;
    }

    private static void run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process =
                command.directory(SDK.toFile()).redirectErrorStream(true).start();
        try {
            process.inputReader(StandardCharsets.UTF_8).lines().forEach(System.out::println);
            assertThat(process.waitFor()).as("%s in %s", command.command(), SDK).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
