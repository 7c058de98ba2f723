package io.lightline.simulator.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged simulator in a process of its own, on free ports. {@link #close} ends it. */
final class SimulatorProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("Simulator ready http=(\\d+) grpc=(\\d+)");
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private final Process process;
    private final Matcher ports;

    private SimulatorProcess(Process process, Matcher ports) {
        this.process = process;
        this.ports = ports;
    }

    /** With further options of the Java program, which are its configuration. */
    static SimulatorProcess start(String... options) {
        try {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dquarkus.http.port=0",
                    "-Dquarkus.grpc.server.port=0",
                    "-Dlightline.simulator.streaming.port=0"));
            command.addAll(List.of(options));
            command.addAll(List.of("-jar", JAR.toString()));
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var ready = new CompletableFuture<Matcher>();
            Thread.ofPlatform().daemon().start(() -> read(process.inputReader(), ready));
            return new SimulatorProcess(
                    process, ready.orTimeout(60, TimeUnit.SECONDS).join());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + JAR, e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + ports.group(1);
    }

    int grpcPort() {
        return Integer.parseInt(ports.group(2));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Reads to the end, or the process would stand still one day. */
    private static void read(BufferedReader output, CompletableFuture<Matcher> ready) {
        var printed = new StringBuilder();
        output.lines().forEach(line -> {
            var matcher = READY.matcher(line);
            if (matcher.find()) {
                ready.complete(matcher);
            } else if (!ready.isDone()) {
                printed.append(line).append('\n');
            }
        });
        ready.completeExceptionally(new IllegalStateException("The simulator ended:\n" + printed));
    }
}
