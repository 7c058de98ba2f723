package io.lightline.publisher;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What to copy from which Salesforce orgs, and how replicas share it. */
@ConfigMapping(prefix = "lightline.publisher")
public interface PublisherConfig {

    History history();

    Lease lease();

    /** The orgs that are read, by a name of your choice: letters, digits, '.', '_', '-'. */
    Map<String, OrgConfig> orgs();

    /** YAML file with further orgs below {@code orgs}, in the same shape; read again when it changes. */
    Optional<Path> orgsFile();

    /** How often to look whether that file has changed. */
    @WithDefault("10s")
    Duration reloadInterval();

    /** What a channel keeps, so that clients that were away can catch up. */
    interface History {

        /** Publications that a channel keeps. */
        @WithDefault("1000")
        int size();

        /** How long a channel keeps them after its last publication; 72 hours is what Salesforce keeps. */
        @WithDefault("72h")
        Duration ttl();
    }

    /** How replicas share the topics: each topic of each org is read by one of them. */
    interface Lease {

        /** Replicas of one group share their topics; letters, digits, '.', '_', '-'. */
        @WithDefault("publisher")
        String group();

        /** How long a replica that has fallen silent keeps its topics. */
        @WithDefault("10s")
        Duration ttl();

        /** How often a replica tells that it lives, and hears which topics it has; a third of {@code ttl} at most. */
        @WithDefault("500ms")
        Duration interval();
    }
}
