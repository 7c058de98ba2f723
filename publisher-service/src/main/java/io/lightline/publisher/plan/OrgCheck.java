package io.lightline.publisher.plan;

import io.lightline.backplane.ChannelName;
import io.lightline.publisher.OrgConfig;
import io.lightline.publisher.OrgConfig.TopicConfig;
import io.lightline.publisher.route.Route;
import io.lightline.salesforce.SalesforceOrg;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What contradicts itself in the configuration of orgs: one line each, with the key. Looks into no file. */
public final class OrgCheck {

    private static final Set<String> REPLAYS = Set.of("latest", "earliest");
    private static final Set<String> LOST_POSITIONS = Set.of("latest", "earliest", "halt");

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");
    private static final int LAST_PORT = 65_535;

    private final String prefix;
    private final List<String> complaints = new ArrayList<>();

    private OrgCheck(String prefix) {
        this.prefix = prefix;
    }

    /** @param prefix of the orgs' keys, for the complaints */
    public static List<String> complaints(String prefix, Map<String, OrgConfig> orgs) {
        var check = new OrgCheck(prefix);
        orgs.forEach(check::org);
        if (check.complaints.isEmpty()) {
            var plans = orgs.entrySet().stream()
                    .map(org -> OrgPlan.of(org.getKey(), org.getValue()))
                    .toList();
            collision(plans).ifPresent(check.complaints::add);
        }
        return check.complaints;
    }

    /** A channel has one checkpoint, so it is the channel of one topic; and what is published on it goes to one org. */
    static Optional<String> collision(List<OrgPlan> orgs) {
        var topics = new HashMap<ChannelName, Route>();
        var publishers = new HashMap<ChannelName, String>();
        for (OrgPlan org : orgs) {
            for (String topic : org.publishTopics()) {
                var channel = new ChannelName(org.tenant(), topic);
                String other = publishers.put(channel, org.name());
                if (other != null) {
                    return Optional.of("Two orgs have the channel " + channel + " in their publish-topics: " + other
                            + " and " + org.name());
                }
            }
            for (TopicPlan topic : org.topics()) {
                Route other = topics.put(topic.route().channel(), topic.route());
                if (other != null) {
                    return Optional.of("Two topics go to the channel " + other.channel() + ": " + other.topic()
                            + " and " + topic.route().topic());
                }
            }
        }
        return Optional.empty();
    }

    private void org(String name, OrgConfig org) {
        String key = prefix + "." + name;
        channels(key, name, org);
        endpoint(key, org);
        login(key, org);
        policies(key, org);
        if (!org.retryDelay().isPositive() || org.maxRetryDelay().compareTo(org.retryDelay()) < 0) {
            complaints.add(key + ".retry-delay must be positive and not longer than max-retry-delay");
        }
        for (Duration duration : List.of(org.watchdog(), org.storeTimeout(), org.tokenTtl())) {
            if (!duration.isPositive()) {
                complaints.add(key + ".watchdog, .store-timeout and .token-ttl must be positive, not " + duration);
            }
        }
    }

    private void channels(String key, String name, OrgConfig org) {
        String tenant = org.tenant().orElse(name);
        try {
            var _ = new ChannelName(tenant, "any");
        } catch (IllegalArgumentException e) {
            complaints.add(key + ".tenant: " + e.getMessage());
            return;
        }
        for (String topic : org.topics()) {
            Optional<TopicConfig> own = Optional.ofNullable(org.overrides().get(topic));
            String channel = own.flatMap(TopicConfig::channel).orElse(topic);
            if (!topic.startsWith("/event/") && !topic.startsWith("/data/")) {
                complaints.add(key + ".topics: not a topic (they begin with /event/ or /data/): " + topic);
            } else if (channel.length() + Route.LONGEST_ADDITION > ChannelName.MAX_LENGTH) {
                complaints.add(key + ".topics: channel name too long: " + channel);
            } else {
                named(key + ".topics", tenant, channel);
            }
        }
        for (String topic : org.publishTopics().orElse(List.of())) {
            if (!topic.startsWith("/event/")) {
                complaints.add(key + ".publish-topics: not a platform event (they begin with /event/): " + topic);
            } else {
                named(key + ".publish-topics", tenant, topic);
            }
        }
        org.overrides().keySet().stream()
                .filter(topic -> !org.topics().contains(topic))
                .forEach(topic -> complaints.add(key + ".overrides: no such topic in topics: " + topic));
    }

    private void named(String key, String tenant, String channel) {
        try {
            var _ = new ChannelName(tenant, channel);
        } catch (IllegalArgumentException e) {
            complaints.add(key + ": " + e.getMessage());
        }
    }

    private void policies(String key, OrgConfig org) {
        oneOf(key + ".initial-replay", REPLAYS, org.initialReplay());
        oneOf(key + ".on-lost-position", LOST_POSITIONS, org.onLostPosition());
        window(key, org.window());
        org.overrides().forEach((topic, own) -> {
            String below = key + ".overrides.\"" + topic + "\"";
            own.initialReplay().ifPresent(value -> oneOf(below + ".initial-replay", REPLAYS, value));
            own.onLostPosition().ifPresent(value -> oneOf(below + ".on-lost-position", LOST_POSITIONS, value));
            own.window().ifPresent(value -> window(below, value));
        });
    }

    private void oneOf(String key, Set<String> values, String value) {
        if (!values.contains(value)) {
            complaints.add(key + " is one of " + values.stream().sorted().toList() + ", not " + value);
        }
    }

    private void window(String key, int window) {
        if (window < 1 || window > 100) {
            complaints.add(key + ".window is 1 to 100, not " + window);
        }
    }

    private void endpoint(String key, OrgConfig org) {
        if (!HOST.matcher(org.endpointHost()).matches()) {
            complaints.add(key + ".endpoint-host is not the name of a host: " + org.endpointHost());
        }
        if (org.endpointPort() < 1 || org.endpointPort() > LAST_PORT) {
            complaints.add(key + ".endpoint-port is 1 to " + LAST_PORT + ", not " + org.endpointPort());
        }
        if (org.maxMessageSize() < 1) {
            complaints.add(key + ".max-message-size is positive, not " + org.maxMessageSize());
        }
        if (org.topics().size() > SalesforceOrg.MOST_STREAMS) {
            complaints.add(key + ".topics are at most " + SalesforceOrg.MOST_STREAMS + ", not "
                    + org.topics().size() + ": configure the org a second time for the others");
        }
    }

    private void login(String key, OrgConfig org) {
        long given =
                List.of(org.clientSecret(), org.clientSecretFile(), org.privateKeyFile(), org.accessToken()).stream()
                        .filter(Optional::isPresent)
                        .count();
        if (given != 1) {
            complaints.add("Exactly one of client-secret, client-secret-file, private-key-file and access-token below "
                    + key + " says how to log in, not " + given + " of them");
        } else if (org.accessToken().isPresent()) {
            url(key + ".instance-url", org.instanceUrl());
            needed(key + ".tenant-id", org.tenantId());
        } else {
            url(key + ".login-url", org.loginUrl());
            needed(key + ".client-id", org.clientId());
            if (org.privateKeyFile().isPresent()) {
                needed(key + ".username", org.username());
            }
        }
    }

    private void url(String key, Optional<URI> url) {
        needed(key, url);
        url.filter(given -> given.getHost() == null
                        || !("https".equals(given.getScheme()) || "http".equals(given.getScheme())))
                .ifPresent(given -> complaints.add(key + " is not an http(s) URL: " + given));
    }

    private void needed(String key, Optional<?> value) {
        if (value.isEmpty()) {
            complaints.add(key + " is needed to log in this way");
        }
    }
}
