package io.lightline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario has found: a table for people, JSON for programs. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MEBI = 1 << 20;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double MAX = 100;

    private final String scenario;
    private final List<Phase> phases = new ArrayList<>();
    private final List<FanoutSummary> servers = new ArrayList<>();
    private final Map<String, String> findings = new LinkedHashMap<>();

    Report(String scenario) {
        this.scenario = scenario;
    }

    void add(Phase phase) {
        phases.add(phase);
    }

    void add(FanoutSummary server) {
        servers.add(server);
    }

    /** Anything else worth a line. */
    void add(String name, Object value) {
        findings.put(name, value.toString());
    }

    /** How many times longer the slowest hundredth of deliveries took than in another phase. */
    void addRatio(Phase disturbed, Phase calm) {
        add(
                "p99 of '" + disturbed.name() + "' / '" + calm.name() + "'",
                "%.2f".formatted(disturbed.milliseconds(P99) / calm.milliseconds(P99)));
    }

    void print(PrintStream out) {
        out.printf("%n%s%n", scenario);
        if (!phases.isEmpty()) {
            printPhases(out);
        }
        if (!servers.isEmpty()) {
            printServers(out);
        }
        findings.forEach((name, value) -> out.printf("  %-60s %s%n", name, value));
    }

    private void printServers(PrintStream out) {
        out.printf(
                "%-22s %12s %10s %10s %8s %8s %8s %9s%n",
                "server (medians)", "deliveries/s", "cpu us/d", "all us/d", "p50 ms", "p99 ms", "rss MiB", "disorder");
        for (FanoutSummary server : servers) {
            out.printf(
                    "%-22s %12.0f %10.2f %10.2f %8.1f %8.1f %8.0f %9d%n",
                    server.server(),
                    server.perSecond(),
                    server.servingMicros(),
                    server.allMicros(),
                    server.p50Millis(),
                    server.p99Millis(),
                    server.residentMebibytes(),
                    server.disorder());
        }
    }

    private void printPhases(PrintStream out) {
        out.printf(
                "%-34s %10s %8s %8s %8s %9s %8s %7s %7s %9s%n",
                "phase",
                "deliveries",
                "p50 ms",
                "p99 ms",
                "max ms",
                "cpu us/d",
                "rss MiB",
                "heap",
                "direct",
                "not ready");
        for (Phase phase : phases) {
            out.printf(
                    "%-34s %10d %8.1f %8.1f %8.1f %9.1f %8d %7d %7d %5d/%d%n",
                    phase.name(),
                    phase.latencies().getTotalCount(),
                    phase.milliseconds(P50),
                    phase.milliseconds(P99),
                    phase.milliseconds(MAX),
                    phase.cpuMicros(),
                    phase.pod().residentBytes() / MEBI,
                    phase.pod().heapBytes() / MEBI,
                    phase.pod().directBytes() / MEBI,
                    phase.pod().notReady(),
                    phase.pod().asked());
        }
    }

    /** Writes {@code <scenario>.json} into a folder, and for servers that are compared {@code <scenario>.html}. */
    void write(Path folder) throws IOException {
        ObjectNode report = JSON.createObjectNode().put("scenario", scenario);
        var array = report.putArray("phases");
        phases.forEach(phase -> array.add(json(phase)));
        var compared = report.putArray("servers");
        servers.forEach(compared::addPOJO);
        var object = report.putObject("findings");
        findings.forEach(object::put);
        Files.createDirectories(folder);
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve(scenario + ".json").toFile(), report);
        if (!servers.isEmpty()) {
            Files.writeString(folder.resolve(scenario + ".html"), Page.of(scenario, servers));
        }
    }

    private static ObjectNode json(Phase phase) {
        return JSON.createObjectNode()
                .put("name", phase.name())
                .put("seconds", phase.length().toSeconds())
                .put("deliveries", phase.latencies().getTotalCount())
                .put("meanMillis", phase.mean())
                .put("p50Millis", phase.milliseconds(P50))
                .put("p99Millis", phase.milliseconds(P99))
                .put("maxMillis", phase.milliseconds(MAX))
                .put("cpuMicrosADelivery", phase.cpuMicros())
                .put("residentBytes", phase.pod().residentBytes())
                .put("heapBytes", phase.pod().heapBytes())
                .put("directBytes", phase.pod().directBytes())
                .put("readinessAsked", phase.pod().asked())
                .put("notReady", phase.pod().notReady());
    }
}
