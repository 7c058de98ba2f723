package io.lightline.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server of our own on 127.0.0.1: the {@code redis-server} on PATH when it is 7 or newer, else the one that the
 * embedded-redis library carries. Its folder is temporary and it keeps nothing over a restart, unless {@code options} say so.
 * It can be {@linkplain #kill killed}, {@linkplain #pause paused} and {@linkplain #restart restarted} on its port. Methods
 * block until the server is there (or gone) and are not thread-safe. {@link #close} stops it and removes its folder.
 */
public final class RedisProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.");
    private static final int LEAST_MAJOR = 7;
    private static final int LINES_SHOWN = 20;

    private final String executable;
    private final int port;
    private final Path folder;
    private final List<String> options;
    private volatile @Nullable Process process;

    private RedisProcess(String executable, int port, Path folder, List<String> options) {
        this.executable = executable;
        this.port = port;
        this.folder = folder;
        this.options = options;
    }

    /** Starts a server on a free port. */
    public static RedisProcess start() {
        return start(FreePort.next());
    }

    /** Starts a server with further options as on Redis' command line, for example {@code "--appendonly", "yes"}. */
    public static RedisProcess start(int port, String... options) {
        var redis = prepare(port, options);
        redis.restart();
        return redis;
    }

    /** A server that runs after {@link #restart}; it has its folder already. */
    static RedisProcess prepare(int port, String... options) {
        try {
            return new RedisProcess(
                    executable(), port, Files.createTempDirectory("lightline-redis-"), List.of(options));
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder for Redis", e);
        }
    }

    public int port() {
        return port;
    }

    public URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /** Process id, for those who want to watch or stop it themselves. */
    public long pid() {
        return running().pid();
    }

    /** {@code kill -9}. What was not on disk is lost. */
    public void kill() {
        running().destroyForcibly();
        awaitExit();
    }

    /** {@code SIGSTOP}: connections stay open and nothing answers. */
    public void pause() {
        Signal.STOP.sendTo(running());
    }

    /** {@code SIGCONT} after {@link #pause}. */
    public void resume() {
        Signal.CONT.sendTo(running());
    }

    /** Completes when the server that runs now ends, for whatever reason. */
    CompletableFuture<Process> onExit() {
        return running().onExit();
    }

    /** Starts it again on the same port with the same folder. */
    public void restart() {
        if (process != null && process.isAlive()) {
            kill();
        }
        var command = new ArrayList<>(List.of(
                executable, "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
        command.addAll(options);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + executable, e);
        }
        awaitAnswer();
    }

    /** What the server has printed so far. */
    public Path log() {
        return folder.resolve("redis.log");
    }

    /** The end of {@link #log}. */
    List<String> lastLines() {
        try {
            var lines = Files.readAllLines(log());
            return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log(), e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + folder, e);
        }
    }

    private void awaitAnswer() {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!answers()) {
            if (!running().isAlive() || Instant.now().isAfter(limit)) {
                throw new IllegalStateException("Redis did not start on port " + port + "; see " + log());
            }
        }
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            // A server that still loads its data answers -LOADING.
            return socket.getInputStream().read() == '+';
        } catch (IOException notYet) {
            return pauseBriefly();
        }
    }

    private static boolean pauseBriefly() {
        try {
            Thread.sleep(10);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Redis started", e);
        }
    }

    private void awaitExit() {
        try {
            running().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("Redis on port " + port + " was not started");
        }
        return process;
    }

    private static String executable() {
        return onPath().filter(RedisProcess::isNewEnough).orElseGet(RedisProcess::embedded);
    }

    private static Optional<String> onPath() {
        return Stream.of(System.getenv("PATH").split(System.getProperty("path.separator"), -1))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static boolean isNewEnough(String redis) {
        try {
            var asked = new ProcessBuilder(redis, "--version")
                    .redirectErrorStream(true)
                    .start();
            var version = VERSION.matcher(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return version.find() && Integer.parseInt(version.group(1)) >= LEAST_MAJOR;
        } catch (IOException unusable) {
            return false;
        }
    }

    private static String embedded() {
        try {
            return ExecutableProvider.newJarResourceProvider().get().getPath();
        } catch (IOException e) {
            throw new UncheckedIOException("No redis-server on PATH, and the embedded one cannot be unpacked", e);
        }
    }
}
