package io.lightline.publisher.source;

import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.SalesforceOrg;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The orgs that have a topic which is read: opened with the first one, closed with the last. Not thread-safe. */
final class OpenOrgs {

    private final Map<Key, Entry> entries = new HashMap<>();

    /**
     * Counts a topic more, also when it fails.
     *
     * @throws IllegalArgumentException when the certificates to trust cannot be read
     */
    SalesforceOrg enter(String name, OrgSettings settings) {
        Entry entry = entries.computeIfAbsent(new Key(name, settings), _ -> new Entry());
        entry.topics++;
        if (entry.org == null) {
            entry.org = SalesforceOrg.open(settings);
        }
        return entry.org;
    }

    /** To be called once for each {@link #enter}, when the topic has ended. */
    void leave(String name, OrgSettings settings) {
        entries.computeIfPresent(new Key(name, settings), (_, entry) -> {
            entry.topics--;
            if (entry.topics > 0) {
                return entry;
            }
            entry.close();
            return null;
        });
    }

    void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
    }

    /** An org whose settings have changed is another one. */
    private record Key(String name, OrgSettings settings) {}

    private static final class Entry {

        private @Nullable SalesforceOrg org;
        private int topics;

        void close() {
            if (org != null) {
                org.close();
            }
        }
    }
}
