package io.lightline.publisher.ops;

import io.lightline.backplane.ChannelName;
import io.lightline.publisher.PublisherConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stops the start in one line, before anything is connected, when the configuration contradicts itself. Unknown keys, missing
 * ones and values of the wrong type are refused by Quarkus, as plainly.
 */
@ApplicationScoped
class ConfigurationCheck {

    private static final String PREFIX = "lightline.publisher";
    private static final String SALESFORCE = PREFIX + ".salesforce.";

    private final PublisherConfig publisher;

    ConfigurationCheck(PublisherConfig publisher) {
        this.publisher = publisher;
    }

    /** Before the streams start. */
    void check(@Observes @Priority(1) StartupEvent start) {
        complaints().stream().findFirst().ifPresent(complaint -> {
            throw new ConfigurationException(complaint);
        });
    }

    List<String> complaints() {
        var complaints = new ArrayList<String>();
        channels().ifPresent(complaints::add);
        if (publisher.history().size() < 1 || !publisher.history().ttl().isPositive()) {
            complaints.add(PREFIX + ".history.size and .ttl must be positive: without a history no client can recover");
        }
        login().ifPresent(complaints::add);
        return complaints;
    }

    private Optional<String> channels() {
        try {
            publisher.salesforce().topics().forEach(topic -> new ChannelName(publisher.tenant(), topic));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(PREFIX + ".tenant or .salesforce.topics: " + e.getMessage());
        }
    }

    private Optional<String> login() {
        var salesforce = publisher.salesforce();
        var ways = Map.of(
                "client-secret", salesforce.clientSecret(),
                "client-secret-file", salesforce.clientSecretFile(),
                "private-key-file", salesforce.privateKeyFile(),
                "access-token", salesforce.accessToken());
        long given = ways.values().stream().filter(Optional::isPresent).count();
        if (given != 1) {
            return Optional.of(
                    "Exactly one of client-secret, client-secret-file, private-key-file and access-token below "
                            + SALESFORCE + " says how to log in, not " + given + " of them");
        }
        if (salesforce.accessToken().isPresent()) {
            return missing("instance-url", salesforce.instanceUrl())
                    .or(() -> missing("tenant-id", salesforce.tenantId()));
        }
        return missing("login-url", salesforce.loginUrl())
                .or(() -> missing("client-id", salesforce.clientId()))
                .or(() -> salesforce.privateKeyFile().flatMap(_ -> missing("username", salesforce.username())));
    }

    private static Optional<String> missing(String key, Optional<?> value) {
        return value.isPresent() ? Optional.empty() : Optional.of(SALESFORCE + key + " is needed to log in this way");
    }
}
