package io.lightline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of a server that Lightline is compared with: started from its folder, ended with {@link #close}. */
final class Peer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final int CONNECT_MILLIS = 200;

    private final Process process;

    private Peer(Process process) {
        this.process = process;
    }

    /** Whether a program can be run: it is on the path. */
    static boolean isInstalled(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
                .map(folder -> Path.of(folder, program))
                .anyMatch(Files::isExecutable);
    }

    /** Starts a process, and returns when it listens on the port. What it prints goes to a file in the folder. */
    static Peer start(Path folder, int port, Map<String, String> environment, String... command) {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(Path.of(command[0]).getFileName() + ".log")
                        .toFile());
        builder.environment().putAll(environment);
        try {
            var peer = new Peer(builder.start());
            if (!Stage.pass(START, () -> !peer.process.isAlive() || listens(port)) || !peer.process.isAlive()) {
                peer.close();
                throw new IllegalStateException(command[0] + " does not listen on port " + port);
            }
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command[0], e);
        }
    }

    /** The processes that do the work, its children before itself. */
    List<ServerProcess> processes() {
        return Stream.concat(process.descendants().map(ProcessHandle::pid), Stream.of(process.pid()))
                .map(ServerProcess::new)
                .toList();
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
