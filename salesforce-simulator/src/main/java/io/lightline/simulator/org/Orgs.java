package io.lightline.simulator.org;

import io.lightline.simulator.event.EventBus;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All orgs, found by what a caller presents. Made at the start, which a wrong configuration fails. */
@Startup
@ApplicationScoped
public class Orgs {

    private final Map<String, Org> byName;

    public Orgs(SimulatorConfig config) {
        var clock = Clock.systemUTC();
        var retention = config.retention();
        this.byName = config.orgs().entrySet().stream()
                .filter(entry -> entry.getValue().enabled())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new Org(
                                entry.getKey(),
                                entry.getValue(),
                                new EventBus(clock, retention.events(), retention.time()),
                                clock),
                        (one, _) -> one,
                        TreeMap::new));
        requireUnique("client-id", config, org -> Stream.of(org.clientId()));
        requireUnique("org-id", config, org -> Stream.of(org.orgId()));
        requireUnique("tokens", config, org -> org.tokens().orElse(List.of()).stream());
    }

    public Collection<Org> all() {
        return byName.values();
    }

    /** By the name in the configuration. */
    public Optional<Org> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** By the consumer key of the org's app. */
    public Optional<Org> ofClient(String clientId) {
        return byName.values().stream()
                .filter(org -> org.clientId().equals(clientId))
                .findFirst();
    }

    /** By an access token, which is thereby used. */
    public Optional<Session> session(String token) {
        return byName.values().stream()
                .flatMap(org -> org.sessions().use(token).map(user -> new Session(org, user)).stream())
                .findFirst();
    }

    private static void requireUnique(
            String key, SimulatorConfig config, Function<SimulatorConfig.OrgConfig, Stream<String>> values) {
        var counts = config.orgs().values().stream()
                .filter(SimulatorConfig.OrgConfig::enabled)
                .flatMap(values)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        if (counts.values().stream().anyMatch(count -> count > 1)) {
            throw new IllegalArgumentException("Two orgs of lightline.simulator.orgs have the same " + key);
        }
    }
}
