package io.lightline.publisher.ops;

import io.lightline.publisher.PublisherConfig;
import io.lightline.publisher.plan.OrgCheck;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops the start in one line, before anything is connected, when the configuration contradicts itself. Unknown keys, missing
 * ones and values of the wrong type are refused by Quarkus, as plainly. The file with further orgs is not looked at: a mistake in
 * it must not keep the others from being read.
 */
@ApplicationScoped
class ConfigurationCheck {

    private static final String PREFIX = "lightline.publisher";

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
        if (publisher.orgs().isEmpty() && publisher.orgsFile().isEmpty()) {
            complaints.add(PREFIX + ".orgs or .orgs-file has to say what to read");
        }
        if (publisher.history().size() < 1 || !publisher.history().ttl().isPositive()) {
            complaints.add(PREFIX + ".history.size and .ttl must be positive: without a history no client can recover");
        }
        var lease = publisher.lease();
        if (!lease.group().matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,49}")) {
            complaints.add(
                    PREFIX + ".lease.group: not a name (50 letters, digits, '.', '_', '-' at most): " + lease.group());
        }
        if (!lease.interval().isPositive() || lease.interval().multipliedBy(3).compareTo(lease.ttl()) > 0) {
            complaints.add(PREFIX + ".lease.interval must be positive and a third of .lease.ttl at most");
        }
        if (!publisher.reloadInterval().isPositive()) {
            complaints.add(PREFIX + ".reload-interval must be positive");
        }
        complaints.addAll(OrgCheck.complaints(PREFIX + ".orgs", publisher.orgs()));
        return complaints;
    }
}
