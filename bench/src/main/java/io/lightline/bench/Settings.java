package io.lightline.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to run, from the command line: names of scenarios, and {@code key=value} pairs. The defaults fit a stack of
 * {@code make run} on this machine.
 *
 * @param scenarios in their order; all when none is named
 * @param pod that the subscribers, and the offenders, are on
 * @param other pod that is published on
 * @param subscribers clients that behave well
 * @param rate publications a second
 * @param slow clients that stop reading
 * @param frames that the flooding client sends
 * @param silent sockets that never say {@code connect}
 * @param seconds of one phase of measurement; phases that wait for something take longer
 * @param simulator address of the simulated org
 * @param publisher its management address
 * @param redis port of the stack's Redis
 * @param events that the org publishes as fast as it goes
 * @param eventRate events a second of its steady phase
 * @param eventBytes of an event's payload
 * @param servers whose fan-out is measured: {@code lightline}, {@code lightline-two-pods}, {@code socket.io}, {@code nats}, {@code nchan}
 * @param peers folder with the programs of those that are not Lightline
 * @param fanout how the fan-out is measured
 * @param output folder for the reports
 */
record Settings(
        List<String> scenarios,
        Pod pod,
        Pod other,
        int subscribers,
        int rate,
        int slow,
        int frames,
        int silent,
        int seconds,
        URI simulator,
        URI publisher,
        int redis,
        int events,
        int eventRate,
        int eventBytes,
        List<String> servers,
        Path peers,
        Fanout fanout,
        Path output) {

    /**
     * How the fan-out is measured.
     *
     * @param subscribers of the one channel of {@code fanout-paced} and {@code fanout-saturated}
     * @param rate publications a second of {@code fanout-paced}
     * @param connections of {@code fanout-channels}, spread over {@code channels}
     * @param bytes of a message
     * @param window messages that are published and not delivered to all, when saturated
     * @param rounds of each server, by turns; reported is the median
     */
    record Fanout(int subscribers, int rate, int connections, int channels, int bytes, int window, int rounds) {}

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("pod", "http://127.0.0.1:8080"),
            Map.entry("pod-management", "http://127.0.0.1:9080"),
            Map.entry("other", "http://127.0.0.1:8081"),
            Map.entry("other-management", "http://127.0.0.1:9081"),
            Map.entry("subscribers", "2000"),
            Map.entry("rate", "10"),
            Map.entry("slow", "20"),
            Map.entry("frames", "300000"),
            Map.entry("silent", "20000"),
            Map.entry("seconds", "30"),
            Map.entry("simulator", "http://127.0.0.1:7080"),
            Map.entry("publisher-management", "http://127.0.0.1:9082"),
            Map.entry("redis", "6390"),
            Map.entry("events", "500000"),
            Map.entry("event-rate", "1000"),
            Map.entry("event-bytes", "500"),
            Map.entry("servers", "lightline"),
            Map.entry("peers", "bench/peers"),
            Map.entry("fanout-subscribers", "1000"),
            Map.entry("fanout-rate", "100"),
            Map.entry("connections", "5000"),
            Map.entry("channels", "1000"),
            Map.entry("bytes", "128"),
            Map.entry("window", "64"),
            Map.entry("rounds", "5"),
            Map.entry("output", "target"));

    /** @throws IllegalArgumentException that says what is not understood */
    static Settings parse(String... args) {
        var scenarios = new ArrayList<String>();
        var values = new HashMap<>(DEFAULTS);
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 0) {
                scenarios.add(arg);
            } else if (values.replace(arg.substring(0, equals), arg.substring(equals + 1)) == null) {
                throw new IllegalArgumentException("Not understood: " + arg + "; known are " + DEFAULTS.keySet());
            }
        }
        return new Settings(
                List.copyOf(scenarios),
                pod(values, "pod"),
                pod(values, "other"),
                number(values, "subscribers"),
                number(values, "rate"),
                number(values, "slow"),
                number(values, "frames"),
                number(values, "silent"),
                number(values, "seconds"),
                URI.create(value(values, "simulator")),
                URI.create(value(values, "publisher-management")),
                number(values, "redis"),
                number(values, "events"),
                number(values, "event-rate"),
                number(values, "event-bytes"),
                List.of(value(values, "servers").split(",", -1)),
                Path.of(value(values, "peers")),
                new Fanout(
                        number(values, "fanout-subscribers"),
                        number(values, "fanout-rate"),
                        number(values, "connections"),
                        number(values, "channels"),
                        number(values, "bytes"),
                        number(values, "window"),
                        number(values, "rounds")),
                Path.of(value(values, "output")));
    }

    private static Pod pod(Map<String, String> values, String key) {
        return new Pod(URI.create(value(values, key)), URI.create(value(values, key + "-management")));
    }

    private static int number(Map<String, String> values, String key) {
        try {
            return Integer.parseInt(value(values, key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "=" + value(values, key) + " is not a number", e);
        }
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("No " + key);
        }
        return value;
    }
}
