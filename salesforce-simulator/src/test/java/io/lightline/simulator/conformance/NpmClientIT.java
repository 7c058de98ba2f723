package io.lightline.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs {@code src/test/npm-client}: the unmodified npm client of the Pub/Sub API against the packaged simulator, over TLS. */
class NpmClientIT {

    private static final Path FOLDER = Path.of("src/test/npm-client").toAbsolutePath();
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    /** Installs what the lock file names, unless that was done since it changed. */
    @BeforeAll
    static void installTheClient() throws Exception {
        var lock = FOLDER.resolve("package-lock.json");
        var installed = FOLDER.resolve("node_modules/.package-lock.json");
        boolean current = Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) > 0;
        if (!current) {
            run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        }
    }

    @Test
    void theUnmodifiedNpmClientLogsInSubscribesCommitsAndPublishes() throws Exception {
        // given
        var store = TARGET.resolve("npm-client.p12");
        makeCertificate(store);
        var keys = keyPair();
        var certificate = TARGET.resolve("npm-client.pem");
        Files.writeString(certificate, pem("PUBLIC KEY", keys.getPublic()));

        try (var simulator = SimulatorProcess.start(
                "-Dquarkus.grpc.server.ssl.key-store=" + store,
                "-Dquarkus.grpc.server.ssl.key-store-password=changeit",
                "-Dquarkus.grpc.server.ssl.key-store-type=pkcs12",
                "-Dlightline.simulator.keepalive=1s",
                "-Dlightline.simulator.orgs.demo.jwt-certificate=" + certificate)) {
            // when, then
            run(
                    Map.of(
                            "SIMULATOR", simulator.url(),
                            "PUBSUB", "localhost:" + simulator.grpcPort(),
                            "PRIVATE_KEY", pem("PRIVATE KEY", keys.getPrivate())),
                    "npm",
                    "test");
        }
    }

    private static void makeCertificate(Path store) throws Exception {
        Files.deleteIfExists(store);
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        run(
                Map.of(),
                (keytool + " -genkeypair -keyalg RSA -alias simulator -dname CN=localhost -ext SAN=dns:localhost"
                                + " -storetype PKCS12 -storepass changeit -keystore " + store)
                        .split(" ", -1));
    }

    private static KeyPair keyPair() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String pem(String kind, Key key) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    /** Runs a command in the folder, shows what it prints, and demands that it succeeds in time. Leaves no process behind. */
    private static void run(Map<String, String> environment, String... command) throws Exception {
        var builder = new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = Thread.ofPlatform().daemon().start(() -> show(process));
        try {
            assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("%s ends within %s", command[0], LIMIT)
                    .isTrue();
            output.join(LAST_WORDS);
            assertThat(process.exitValue()).as("%s in %s", command[0], FOLDER).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void show(Process process) {
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(System.out::println);
        } catch (IOException | UncheckedIOException ended) {
            // Destroyed in the middle of a line: there is nothing more to show.
        }
    }
}
