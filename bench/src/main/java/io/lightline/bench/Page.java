package io.lightline.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A report as one HTML page that needs nothing else: a bar for each server and figure, and the same figures as text beside it. */
final class Page {

    private static final int BAR_HEIGHT = 26;
    private static final int BAR = 18;
    private static final int LABELS = 150;
    private static final int WIDTH = 480;
    private static final int NUMBERS = 90;

    private Page() {}

    static String of(String scenario, List<FanoutSummary> servers) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <title>%1$s</title>
                <style>
                  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
                  body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
                  rect { fill: #0b5cab; } rect.other { fill: #9aa5b1; } text { fill: currentColor; font-size: 13px; }
                </style>
                <h1>%1$s</h1>
                <p>Each figure is the median of %2$d rounds.</p>
                %3$s
                """.formatted(
                        scenario,
                        servers.getFirst().rounds(),
                        String.join(
                                "\n",
                                chart("Deliveries a second", "%,.0f", servers, FanoutSummary::perSecond),
                                chart(
                                        "Processor time of the serving process for a delivery, µs",
                                        "%.2f",
                                        servers,
                                        FanoutSummary::servingMicros),
                                chart(
                                        "Processor time of all its processes for a delivery, µs",
                                        "%.2f",
                                        servers,
                                        FanoutSummary::allMicros),
                                chart("Latency p50, ms", "%.1f", servers, FanoutSummary::p50Millis),
                                chart("Latency p99, ms", "%.1f", servers, FanoutSummary::p99Millis),
                                chart(
                                        "Memory of the serving process, MiB",
                                        "%.0f",
                                        servers,
                                        FanoutSummary::residentMebibytes)));
    }

    private static String chart(
            String title, String format, List<FanoutSummary> servers, ToDoubleFunction<FanoutSummary> figure) {
        double longest = servers.stream().mapToDouble(figure).max().orElse(0);
        var bars = new StringBuilder();
        for (int i = 0; i < servers.size(); i++) {
            FanoutSummary server = servers.get(i);
            double value = figure.applyAsDouble(server);
            double length = longest == 0 ? 0 : value / longest * WIDTH;
            bars.append(String.format(
                    Locale.ROOT,
                    "<text x=\"0\" y=\"%d\">%s</text><rect%s x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                    i * BAR_HEIGHT + BAR - 4,
                    server.server(),
                    server.server().startsWith("lightline") ? "" : " class=\"other\"",
                    LABELS,
                    i * BAR_HEIGHT,
                    length,
                    BAR,
                    LABELS + length + 6,
                    i * BAR_HEIGHT + BAR - 4,
                    String.format(Locale.ROOT, format, value)));
        }
        String spoken = servers.stream()
                .map(server -> server.server() + " " + String.format(Locale.ROOT, format, figure.applyAsDouble(server)))
                .collect(Collectors.joining(", "));
        return "<h2>%s</h2>%n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n%s</svg>"
                .formatted(title, LABELS + WIDTH + NUMBERS, servers.size() * BAR_HEIGHT, spoken, bars);
    }
}
