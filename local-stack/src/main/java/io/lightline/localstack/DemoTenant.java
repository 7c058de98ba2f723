package io.lightline.localstack;

import java.util.HashMap;
import java.util.Map;

/**
 * The one tenant of the stack: everybody may connect without a token, read the Salesforce topics, and talk in
 * {@code chat:} channels, where they see who else is there. For this machine only: an installation has tokens.
 */
final class DemoTenant {

    static final String ID = "demo";

    private DemoTenant() {}

    /** What a relay must know of the tenant. */
    static Map<String, String> relayProperties() {
        var properties = new HashMap<String, String>();
        String tenant = "lightline.tenants." + ID + ".";
        properties.put(tenant + "anonymous", "true");
        properties.put(tenant + "allowed-origins", "*");
        properties.put(tenant + "api-keys", RelayPod.API_KEY);
        properties.putAll(namespace(tenant, "chat", "chat:", "anybody", "10m"));
        properties.put(tenant + "namespaces.chat.presence-enabled", "true");
        properties.put(tenant + "namespaces.chat.join-leave", "true");
        properties.putAll(namespace(tenant, "event", "/event/", "nobody", "72h"));
        properties.putAll(namespace(tenant, "data", "/data/", "nobody", "72h"));
        return properties;
    }

    private static Map<String, String> namespace(
            String tenant, String name, String prefix, String publish, String historyTtl) {
        String namespace = tenant + "namespaces." + name + ".";
        return Map.of(
                namespace + "prefix",
                prefix,
                namespace + "publish",
                publish,
                namespace + "history-size",
                "1000",
                namespace + "history-ttl",
                historyTtl);
    }
}
