package io.lightline.publisher.ops;

import io.lightline.publisher.source.OrgWatcher;
import io.lightline.salesforce.DeliveryAllowance;
import io.lightline.salesforce.SalesforceOrg;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What the orgs that are read from here have left of their daily deliveries, by {@code org}: {@code
 * lightline.salesforce.deliveries.allowed} and {@code .remaining}. Alert when little remains: without any, Salesforce sends nothing.
 * An org is asked when the metrics are, every few minutes at most; one that does not tell shows {@code NaN}.
 */
@ApplicationScoped
class OrgMetrics implements OrgWatcher {

    private static final Duration FRESH = Duration.ofMinutes(5);

    private final MeterRegistry meters;
    private final Map<String, Bound> bound = new HashMap<>();

    OrgMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    private record Bound(SalesforceOrg org, List<Meter> meters) {}

    @Override
    public void opened(String name, SalesforceOrg org) {
        unbind(name);
        var allowance = new Remembered<>(org::deliveries, FRESH, System::nanoTime);
        bound.put(
                name,
                new Bound(
                        org,
                        List.of(
                                gauge(name, "allowed", "Deliveries of 24 hours", allowance, DeliveryAllowance::allowed),
                                gauge(name, "remaining", "Those left", allowance, DeliveryAllowance::remaining))));
    }

    private Gauge gauge(
            String org,
            String name,
            String description,
            Supplier<Optional<DeliveryAllowance>> allowance,
            ToLongFunction<DeliveryAllowance> value) {
        return Gauge.builder(
                        "lightline.salesforce.deliveries." + name,
                        () -> allowance
                                .get()
                                .<Number>map(known -> value.applyAsLong(known))
                                .orElse(Double.NaN))
                .description(description)
                .tag("org", org)
                .register(meters);
    }

    @Override
    public void closed(String name, SalesforceOrg org) {
        Bound present = bound.get(name);
        if (present != null && present.org == org) {
            unbind(name);
        }
    }

    private void unbind(String name) {
        Bound present = bound.remove(name);
        if (present != null) {
            present.meters.forEach(meters::remove);
        }
    }
}
