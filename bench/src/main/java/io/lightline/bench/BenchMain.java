package io.lightline.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code make bench}: runs scenarios against relays on this machine, one after the other, prints a table for each and writes it
 * as JSON. Every scenario ends by itself. Exits with 2 when the command line is not understood.
 */
public final class BenchMain {

    private static final Map<String, Function<Settings, Report>> SCENARIOS = scenarios();

    private BenchMain() {}

    private static Map<String, Function<Settings, Report>> scenarios() {
        var scenarios = new LinkedHashMap<String, Function<Settings, Report>>();
        scenarios.put("fanout-paced", Fanout::paced);
        scenarios.put("fanout-saturated", Fanout::saturated);
        scenarios.put("fanout-channels", Fanout::channels);
        scenarios.put("publications", Publications::run);
        scenarios.put("idle", Idle::run);
        scenarios.put("slow-clients", SlowClients::run);
        scenarios.put("flood", Flood::run);
        scenarios.put("bridge", Bridge::run);
        return scenarios;
    }

    /** {@code args}: as {@link Settings} says. */
    public static void main(String[] args) throws IOException {
        try {
            Settings settings = Settings.parse(args);
            List<String> names =
                    settings.scenarios().isEmpty() ? List.copyOf(SCENARIOS.keySet()) : settings.scenarios();
            for (String name : names) {
                Report report = scenario(name).apply(settings);
                report.print(System.out);
                report.write(settings.output());
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static Function<Settings, Report> scenario(String name) {
        Function<Settings, Report> scenario = SCENARIOS.get(name);
        if (scenario == null) {
            throw new IllegalArgumentException("No scenario " + name + "; there are " + SCENARIOS.keySet());
        }
        return scenario;
    }
}
