package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.localstack.LocalStack;
import io.lightline.localstack.RelayPod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the tests of {@code e2e/sdk}, in which the unmodified npm SDK is our client, against the stack. */
@ExtendWith(RunningStack.class)
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
    void theUnmodifiedNpmSdkIsServedByBothPods(LocalStack stack) throws Exception {
        var tests = new ProcessBuilder("npm", "test");
        tests.environment().put("POD_1", stack.relay(0).webSocketUri().toString());
        tests.environment().put("POD_2", stack.relay(1).webSocketUri().toString());
        tests.environment().put("PUBLISH", stack.relay(1).apiUri("publish").toString());
        tests.environment().put("API_KEY", RelayPod.API_KEY);
        run(tests);
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
