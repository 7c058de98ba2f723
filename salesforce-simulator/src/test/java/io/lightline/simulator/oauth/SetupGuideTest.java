package io.lightline.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the commands that {@code docs/salesforce-setup.md} marks as checked, word by word but for who logs in where. */
@QuarkusTest
@TestProfile(SetupGuideTest.TheGuidesCertificate.class)
class SetupGuideTest {

    private static final Path PAGE = Path.of("..", "docs", "salesforce-setup.md");
    private static final Pattern CHECKED = Pattern.compile("\\(checked\\):\n\n *```sh\n(.*?)```", Pattern.DOTALL);
    private static final Path FOLDER = Path.of("target", "setup-guide").toAbsolutePath();

    /** The demo org trusts the certificate that the guide's commands make. */
    public static class TheGuidesCertificate implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            run(command("openssl genpkey"));
            return Map.of(
                    "lightline.simulator.orgs.demo.jwt-certificate",
                    FOLDER.resolve("lightline.crt").toString());
        }
    }

    @Test
    void keyIsOfTheFormThatThePublisherReads() throws IOException {
        assertThat(FOLDER.resolve("lightline.key")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void clientCredentialsGetAToken() throws IOException {
        // given
        Files.writeString(FOLDER.resolve("client-secret"), "demo-secret\n");

        // when
        String answer = run(loggingInHere(command("grant_type=client_credentials")));

        // then
        assertThat(answer).contains("\"access_token\":\"00DLL");
    }

    @Test
    void signedRequestGetsAToken() {
        assertThat(run(loggingInHere(command("jwt-bearer")))).contains("\"access_token\":\"00DLL");
    }

    private static String loggingInHere(String command) {
        return command.replaceFirst("(?m)^LOGIN_URL=.*", "LOGIN_URL=" + RestAssured.baseURI + ":" + RestAssured.port)
                .replaceFirst("(?m)^CLIENT_ID=.*", "CLIENT_ID=demo-client")
                .replaceFirst("(?m)^USERNAME=.*", "USERNAME=demo@lightline.example");
    }

    /** The checked command of the page that contains this. */
    private static String command(String part) {
        try {
            List<String> commands = CHECKED.matcher(Files.readString(PAGE))
                    .results()
                    .map(match -> match.group(1))
                    .filter(command -> command.contains(part))
                    .toList();
            assertThat(commands).as("checked commands with " + part).hasSize(1);
            return commands.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String command) {
        try {
            Files.createDirectories(FOLDER);
            Process process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", command)
                    .directory(FOLDER.toFile())
                    .redirectError(FOLDER.resolve("stderr").toFile())
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(FOLDER.resolve("stderr")))
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a command ran", e);
        }
    }
}
