package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make run} starts, on free ports, with the commands that it tells a newcomer to try. */
class MakeRunIT {

    private static final Path JAR = Path.of("..", "local-stack", "target", "lightline-local-stack.jar");
    private static final Pattern PAGE = Pattern.compile("^ +(http://\\S+)$", Pattern.MULTILINE);
    private static final Pattern CURL = Pattern.compile("^ +(curl (?:.*\\\\\\n)+.*)$", Pattern.MULTILINE);

    @TempDir
    Path folder;

    private Path output;
    private Process launcher;

    @BeforeEach
    void launch() throws IOException {
        output = folder.resolve("output");
        launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "--free-ports")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(printed()).contains("Ctrl-C stops all of it"));
    }

    @AfterEach
    void end() throws InterruptedException {
        launcher.destroy();
        if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
            endByForce();
        }
    }

    private void endByForce() {
        launcher.descendants().forEach(ProcessHandle::destroyForcibly);
        launcher.destroyForcibly();
    }

    @Test
    void saysWhatToTryAndAllOfItWorks() throws Exception {
        // given
        String advice = printed();
        var page = PAGE.matcher(advice);
        assertThat(page.find()).isTrue();
        List<String> commands =
                CURL.matcher(advice).results().map(match -> match.group(1)).toList();

        // when
        List<String> answers = List.of(
                shell(commands.get(0)),
                shell(commands.get(1)),
                Http.get(URI.create(page.group(1))).body());

        // then
        assertThat(answers.get(0)).contains("\"success\":true");
        assertThat(answers.get(1)).contains("\"result\"");
        assertThat(answers.get(2)).contains("<title>Lightline");
    }

    @Test
    void stopsAllOfItWhenItIsAskedToStop() throws Exception {
        // given
        List<ProcessHandle> children = launcher.descendants().toList();
        assertThat(children).hasSize(5);

        // when
        launcher.destroy();

        // then
        assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        assertThat(printed()).endsWith("Lightline has stopped; nothing of it runs any more.\n");
    }

    @Test
    void stopsAllOfItWhenOnePartEndsAndSaysWhich() throws Exception {
        // given
        List<ProcessHandle> children = launcher.descendants().toList();
        ProcessHandle redis = children.stream()
                .filter(child -> child.info().command().orElse("").contains("redis"))
                .findFirst()
                .orElseThrow();

        // when
        redis.destroyForcibly();

        // then
        assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        assertThat(printed()).contains("redis ended by itself");
    }

    private String printed() throws IOException {
        return Files.readString(output);
    }

    private static String shell(String command) throws IOException, InterruptedException {
        Process curl = new ProcessBuilder("sh", "-c", command).start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(command).isZero();
        return answer;
    }
}
