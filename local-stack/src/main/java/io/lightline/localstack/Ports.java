package io.lightline.localstack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ports of 127.0.0.1 that a stack listens on.
 *
 * @param relays one entry for each relay pod
 * @param publisherManagement health and metrics of the publisher
 * @param simulatorHttp the simulated org's login and REST API
 * @param simulatorGrpc its Pub/Sub API
 * @param simulatorStreaming its Streaming API
 */
public record Ports(
        int redis,
        List<RelayPorts> relays,
        int publisherManagement,
        int simulatorHttp,
        int simulatorGrpc,
        int simulatorStreaming) {

    /** Where browsers and back ends come in, and where health and metrics are. */
    public record RelayPorts(int http, int management) {}

    /** Those of {@code make run}. */
    public static Ports wellKnown() {
        return new Ports(6390, List.of(new RelayPorts(8080, 9080), new RelayPorts(8081, 9081)), 9082, 7080, 7443, 7081);
    }

    /** Free ones, for tests that run beside others. */
    public static Ports free() {
        return new Ports(
                FreePort.next(),
                Stream.generate(() -> new RelayPorts(FreePort.next(), FreePort.next()))
                        .limit(2)
                        .toList(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next(),
                FreePort.next());
    }

    /** @throws StackException that names every port that somebody else listens on */
    void requireFree() {
        String taken = byUse().entrySet().stream()
                .filter(entry -> !FreePort.isFree(entry.getValue()))
                .map(entry -> entry.getValue() + " (" + entry.getKey() + ")")
                .collect(Collectors.joining(", "));
        if (!taken.isEmpty()) {
            throw new StackException("In use on 127.0.0.1, so nothing was started: port " + taken);
        }
    }

    private Map<String, Integer> byUse() {
        var ports = new LinkedHashMap<String, Integer>();
        ports.put("Redis", redis);
        for (int i = 0; i < relays.size(); i++) {
            ports.put("relay " + (i + 1), relays.get(i).http());
            ports.put("management of relay " + (i + 1), relays.get(i).management());
        }
        ports.put("management of the publisher", publisherManagement);
        ports.put("simulator's HTTP", simulatorHttp);
        ports.put("simulator's gRPC", simulatorGrpc);
        ports.put("simulator's Streaming API", simulatorStreaming);
        return ports;
    }
}
