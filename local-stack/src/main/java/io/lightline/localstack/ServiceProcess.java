package io.lightline.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of our services as a process of its own, run from the jar that Maven has built, with the JDK of this process.
 * It can be {@linkplain #kill killed}, {@linkplain #stop stopped}, {@linkplain #pause paused} and {@linkplain #start
 * started} again with the same settings. Methods block until their work is done. One thread starts and stops it; the
 * others may look, and {@link #close}.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);
    private static final int LINES_KEPT = 20;
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx256m",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dquarkus.banner.enabled=false",
            // Says each time that somebody asks too early that it is not ready yet.
            "-Dquarkus.log.category.\"io.smallrye.health\".level=WARN",
            "-Dquarkus.log.console.format=%d{HH:mm:ss.SSS} %-5p [%c{1.}] %s%e%n");

    private final Settings settings;
    private final StackLog log;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private volatile @Nullable Process process;
    private volatile boolean closed;

    /**
     * What to start.
     *
     * @param name how logs call it
     * @param jar a {@code quarkus-run.jar}
     * @param properties system properties: Quarkus' and our own configuration
     * @param readiness answers 200 when the service can be used
     */
    public record Settings(String name, Path jar, Map<String, String> properties, URI readiness) {}

    /** Prepares a process; nothing runs before {@link #start}. */
    public ServiceProcess(Settings settings, StackLog log) {
        this.settings = settings;
        this.log = log;
    }

    public String name() {
        return settings.name();
    }

    /** Where it answers 200 when it can be used. */
    public URI readinessUri() {
        return settings.readiness();
    }

    /** Starts it and returns at once; see {@link #awaitReady}. A second start after {@link #kill} or {@link #stop} is fine. */
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException(name() + " runs already");
        }
        Process started = launch();
        process = started;
        if (closed) {
            // Somebody closed the stack while it was starting.
            started.destroyForcibly();
        }
        // Not a virtual one: whoever reads a pipe keeps its carrier, of which there is one for each core.
        Thread.ofPlatform().daemon().name(name() + "-output").start(() -> follow(started));
    }

    /**
     * Waits until the service is ready.
     *
     * @throws StackException when it ends before, or takes too long; with its last lines
     */
    public void awaitReady() {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!isReady()) {
            if (!isAlive()) {
                throw new StackException(name() + " ended with " + running().exitValue() + epilogue());
            }
            if (Instant.now().isAfter(limit)) {
                throw new StackException(
                        name() + " was not ready within " + START_LIMIT.toSeconds() + " s" + epilogue());
            }
            pauseBriefly();
        }
    }

    public boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    public boolean isReady() {
        return readiness() == HttpURLConnection.HTTP_OK;
    }

    /** The HTTP status of its readiness address; 0 when nothing answers. */
    public int readiness() {
        try {
            var connection = (HttpURLConnection) settings.readiness().toURL().openConnection();
            connection.setConnectTimeout((int) ASK_LIMIT.toMillis());
            connection.setReadTimeout((int) ASK_LIMIT.toMillis());
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException nobody) {
            return 0;
        }
    }

    /** Process id, for those who want to watch it. */
    public long pid() {
        return running().pid();
    }

    /** {@code kill -9}. */
    public void kill() {
        running().destroyForcibly();
        awaitExit();
    }

    /** Asks it to end ({@code SIGTERM}) and waits; ends it by force when it takes too long. */
    public void stop() {
        askToStop();
        awaitExit();
    }

    /** {@code SIGTERM}, without waiting: several services can end side by side. */
    void askToStop() {
        Process current = process;
        if (current != null) {
            current.destroy();
        }
    }

    /** {@code SIGSTOP}: connections stay open and nothing answers. */
    public void pause() {
        Signal.STOP.sendTo(running());
    }

    /** {@code SIGCONT} after {@link #pause}. */
    public void resume() {
        Signal.CONT.sendTo(running());
    }

    /** Completes when the process that runs now ends, for whatever reason. */
    CompletableFuture<Process> onExit() {
        return running().onExit();
    }

    /** What it printed last, oldest first. */
    public List<String> lastLines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (process != null) {
            stop();
        }
    }

    private Process launch() {
        try {
            return new ProcessBuilder(command()).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name(), e);
        }
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        settings.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(settings.jar().toString());
        return command;
    }

    private void follow(Process started) {
        try (var output = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                keep(line);
                log.line(name(), line);
            }
        } catch (IOException ended) {
            // Killed in the middle of a line: there is nothing more to read.
        }
    }

    private void keep(String line) {
        synchronized (lastLines) {
            if (lastLines.size() == LINES_KEPT) {
                lastLines.removeFirst();
            }
            lastLines.addLast(line);
        }
    }

    private String epilogue() {
        return "; its last lines:\n  " + String.join("\n  ", lastLines());
    }

    private void awaitExit() {
        try {
            if (!running().waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                running().destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void pauseBriefly() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a service started", e);
        }
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException(name() + " was not started");
        }
        return current;
    }
}
