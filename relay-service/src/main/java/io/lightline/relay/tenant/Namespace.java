package io.lightline.relay.tenant;

import io.lightline.backplane.Retention;
import io.lightline.relay.tenant.TenantConfig.NamespaceConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The channels that start with {@code prefix}, and whom they allow what.
 *
 * @param personal whose channels they are; whoever does not own one can neither subscribe to it nor read it
 */
record Namespace(
        String prefix,
        Personal personal,
        Access subscribe,
        Access publish,
        Access history,
        Access presence,
        ChannelRules rules) {

    private static final String EVENTS = "/event/";

    Namespace {
        if (subscribe == Access.SUBSCRIBERS) {
            throw new IllegalArgumentException("subscribe=subscribers goes round in circles");
        }
        if (rules.salesforcePublish() && !prefix.startsWith(EVENTS)) {
            throw new IllegalArgumentException(
                    "salesforce-publish=true is for platform events, whose prefix begins with " + EVENTS + ": "
                            + prefix);
        }
        if (publish != Access.NOBODY && isSalesforces(prefix) && !rules.salesforcePublish()) {
            throw new IllegalArgumentException(
                    "publish=" + word(publish) + ": without salesforce-publish clients never publish to " + prefix);
        }
        if (personal != Personal.NONE) {
            checkPersonal(personal, subscribe, history, presence);
        }
    }

    private static void checkPersonal(Personal personal, Access subscribe, Access history, Access presence) {
        if (subscribe == Access.NOBODY) {
            throw new IllegalArgumentException(
                    "personal=" + word(personal) + " and subscribe=nobody: then there is no such channel");
        }
        for (Access reading : List.of(history, presence)) {
            if (reading != Access.NOBODY && reading != Access.SUBSCRIBERS) {
                throw new IllegalArgumentException("personal=" + word(personal)
                        + ": history and presence are for nobody or for subscribers, not for " + word(reading));
            }
        }
    }

    /** Empty when its channels are nobody's, or for an anonymous user. */
    String ownerId(User user, String client) {
        return switch (personal) {
            case NONE -> "";
            case USER -> user.id();
            case CLIENT -> client;
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Salesforce's own topics: what is published there comes from Salesforce. */
    static boolean isSalesforces(String channel) {
        return channel.startsWith(EVENTS) || channel.startsWith("/data/");
    }

    static Namespace of(String tenant, String name, NamespaceConfig config) {
        try {
            return new Namespace(
                    config.prefix(),
                    config.personal(),
                    config.subscribe(),
                    config.publish(),
                    config.history(),
                    config.presence(),
                    rules(config));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "lightline.tenants." + tenant + ".namespaces." + name + ": " + e.getMessage());
        }
    }

    private static ChannelRules rules(NamespaceConfig config) {
        Optional<Rate> rate = config.publishRate().map(perSecond -> new Rate(perSecond, config.publishBurst()));
        return new ChannelRules(
                new Retention(config.historySize(), config.historyTtl()),
                config.recovery(),
                config.presenceEnabled(),
                config.joinLeave(),
                config.pushJoinLeave(),
                config.slowConsumer(),
                config.salesforcePublish(),
                rate);
    }
}
