package io.lightline.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A process with many clients of the npm SDK: {@code sdk/crowd/crowd.js}. */
final class Crowd implements AutoCloseable {

    private final int clients;
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    /**
     * What became of the clients.
     *
     * @param complete clients that have all messages
     * @param holes messages that did not come in their turn
     * @param repetitions messages that came before
     * @param unrecovered subscriptions that were told that something is lost
     * @param goodbyes clients that gave up, or were sent away for good
     * @param errors that the SDK told its application, other than of a socket that broke
     * @param breaks when a client lost its socket
     * @param reconnects when a client was back
     */
    record Report(
            int complete,
            long holes,
            long repetitions,
            int unrecovered,
            int goodbyes,
            List<String> errors,
            List<Instant> breaks,
            List<Instant> reconnects) {

        private static Report of(JsonNode json) {
            return new Report(
                    json.path("complete").asInt(),
                    json.path("holes").asLong(),
                    json.path("repetitions").asLong(),
                    json.path("unrecovered").asInt(),
                    json.path("goodbyes").asInt(),
                    elements(json.path("errors")).map(JsonNode::asText).toList(),
                    times(json.path("breaks")),
                    times(json.path("reconnects")));
        }

        private static List<Instant> times(JsonNode array) {
            return elements(array)
                    .map(JsonNode::asLong)
                    .map(Instant::ofEpochMilli)
                    .toList();
        }

        private static Stream<JsonNode> elements(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false);
        }
    }

    private Crowd(int clients, Process process) {
        this.clients = clients;
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.in = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts the process; its clients connect meanwhile. */
    static Crowd start(int clients, URI relay, List<String> channels) throws IOException {
        return start(clients, relay, channels, Map.of());
    }

    /** @param environment further settings of {@code crowd.js}, or of Node.js */
    static Crowd start(int clients, URI relay, List<String> channels, Map<String, String> environment)
            throws IOException {
        var command = new ProcessBuilder("node", "crowd/crowd.js")
                .directory(NpmSdk.FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment()
                .putAll(Map.of(
                        "RELAY", relay.toString(), "CHANNELS", String.join(",", channels), "CLIENTS", "" + clients));
        command.environment().putAll(environment);
        return new Crowd(clients, command.start());
    }

    int clients() {
        return clients;
    }

    /** Returns when all are subscribed. */
    void awaitSubscribed() {
        line();
    }

    /** Returns when all have everything, or have waited long enough. The process ends then. */
    Report finish(Map<String, Integer> published) throws IOException {
        in.write(Json.object().pojoNode(published) + "\n");
        in.flush();
        return Report.of(line());
    }

    private JsonNode line() {
        try {
            return Optional.ofNullable(out.readLine())
                    .map(Json::parse)
                    .orElseThrow(() -> new AssertionError("The crowd has ended"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
