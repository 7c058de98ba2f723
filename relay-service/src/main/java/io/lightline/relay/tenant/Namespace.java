package io.lightline.relay.tenant;

import io.lightline.backplane.Retention;
import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * The rules of the channels that start with {@code prefix}.
 *
 * @param subscribe clients may subscribe and read the history
 * @param publish clients may publish
 * @param retention how much is kept; decides whether a subscription can recover
 */
record Namespace(String prefix, boolean subscribe, boolean publish, Retention retention) {

    /** Salesforce's own topics: what is published there comes from Salesforce. */
    static boolean isSalesforces(String channel) {
        return channel.startsWith("/event/") || channel.startsWith("/data/");
    }

    static Namespace of(String tenant, String name, TenantConfig.NamespaceConfig config) {
        String key = "lightline.tenants." + tenant + ".namespaces." + name;
        if (config.publish() && isSalesforces(config.prefix())) {
            throw new ConfigurationException(key + ".publish=true: clients never publish to " + config.prefix());
        }
        try {
            var retention = new Retention(config.historySize(), config.historyTtl());
            return new Namespace(config.prefix(), config.subscribe(), config.publish(), retention);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(key + ": " + e.getMessage());
        }
    }
}
