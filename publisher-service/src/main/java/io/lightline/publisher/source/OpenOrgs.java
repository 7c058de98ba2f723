package io.lightline.publisher.source;

import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.SalesforceOrg;
import java.util.HashMap;
import java.util.Map;

/** The orgs that have a topic which is read: opened with the first one, closed with the last. Not thread-safe. */
final class OpenOrgs {

    private final Map<Key, Entry> entries = new HashMap<>();

    /** @throws IllegalArgumentException when the certificates to trust cannot be read */
    SalesforceOrg enter(String name, OrgSettings settings) {
        Entry entry = entries.computeIfAbsent(new Key(name, settings), _ -> new Entry(SalesforceOrg.open(settings)));
        entry.topics++;
        return entry.org;
    }

    void leave(String name, OrgSettings settings) {
        entries.computeIfPresent(new Key(name, settings), (_, entry) -> {
            entry.topics--;
            if (entry.topics > 0) {
                return entry;
            }
            entry.org.close();
            return null;
        });
    }

    void close() {
        entries.values().forEach(entry -> entry.org.close());
        entries.clear();
    }

    /** An org whose settings have changed is another one. */
    private record Key(String name, OrgSettings settings) {}

    private static final class Entry {

        private final SalesforceOrg org;
        private int topics;

        Entry(SalesforceOrg org) {
            this.org = org;
        }
    }
}
