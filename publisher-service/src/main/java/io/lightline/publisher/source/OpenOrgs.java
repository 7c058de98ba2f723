package io.lightline.publisher.source;

import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.SalesforceOrg;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The orgs of which a topic was read, with their connections, tokens and counts: opened for the first one, and kept as long as they
 * are configured, so that a topic that comes back finds all that. Not thread-safe.
 */
final class OpenOrgs {

    /** An org whose settings have changed is another one. */
    record Key(String name, OrgSettings settings) {}

    private final Map<Key, SalesforceOrg> orgs = new HashMap<>();
    private final OrgWatcher watcher;

    OpenOrgs(OrgWatcher watcher) {
        this.watcher = watcher;
    }

    /** @throws IllegalArgumentException when the certificates to trust cannot be read */
    SalesforceOrg open(Key key) {
        return orgs.computeIfAbsent(key, _ -> {
            SalesforceOrg org = SalesforceOrg.open(key.settings);
            watcher.opened(key.name, org);
            return org;
        });
    }

    /** Closes all others. */
    void keep(Set<Key> configured) {
        orgs.entrySet().removeIf(org -> {
            if (configured.contains(org.getKey())) {
                return false;
            }
            watcher.closed(org.getKey().name, org.getValue());
            org.getValue().close();
            return true;
        });
    }
}
