package io.lightline.relay.roundtrip;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Opens a WebSocket through the Service, publishes a message on each pod, and expects all of them, then ends with 0. Whatever goes wrong
 * ends it with 1 and says what.
 */
final class RoundTrip {

    private static final String NAMESPACE = "test:";

    private final HttpClient client = HttpClient.newHttpClient();
    private final TestToken token;

    private RoundTrip(TestToken token) {
        this.token = token;
    }

    /**
     * @param arguments the Service's address; the pods' addresses, comma-separated, where a host name with several addresses stands for
     *     several pods; the file with the test tenant's secret
     */
    public static void main(String... arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("Usage: RoundTrip <service uri> <pods uris> <secret file>");
        }
        byte[] secret = Files.readAllBytes(Path.of(arguments[2]));
        new RoundTrip(TestToken.signedWith(secret, Instant.now())).run(URI.create(arguments[0]), pods(arguments[1]));
    }

    private void run(URI service, List<URI> pods) {
        Set<String> nodes = new HashSet<>();
        String channel = NAMESPACE + UUID.randomUUID();
        try (var listener = new Wire(client, service, token)) {
            listener.subscribe(channel);
            System.out.println("A WebSocket through " + service + " is on " + listener.node());
            for (URI pod : pods) {
                nodes.add(send(pod, channel, listener));
            }
            if (pods.size() > 1 && nodes.equals(Set.of(listener.node()))) {
                throw new IllegalStateException("All " + pods.size() + " addresses lead to " + listener.node());
            }
        }
        System.out.println("Messages flow between " + nodes.size() + (nodes.size() == 1 ? " pod" : " pods"));
    }

    private String send(URI pod, String channel, Wire listener) {
        try (var speaker = new Wire(client, pod, token)) {
            String sent = UUID.randomUUID().toString();
            Instant start = Instant.now();
            speaker.publish(channel, sent);
            String received = listener.nextPublication();
            if (!received.equals(sent)) {
                throw new IllegalStateException(
                        "Expected what was published on " + speaker.node() + ", got " + received);
            }
            System.out.println(speaker.node() + " -> " + listener.node() + " "
                    + Duration.between(start, Instant.now()).toMillis() + " ms");
            return speaker.node();
        }
    }

    private static List<URI> pods(String addresses) throws UnknownHostException {
        var pods = new ArrayList<URI>();
        for (URI uri : Arrays.stream(addresses.split(",", -1)).map(URI::create).toList()) {
            for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
                String host = address instanceof Inet6Address
                        ? "[" + address.getHostAddress() + "]"
                        : address.getHostAddress();
                pods.add(URI.create(uri.getScheme() + "://" + host + ":" + uri.getPort() + uri.getPath()));
            }
        }
        return pods;
    }
}
