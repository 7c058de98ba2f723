package io.lightline.localstack;

import java.util.HashMap;
import java.util.Map;

/**
 * The one tenant of the stack: everybody may connect without a token, read the Salesforce topics, publish orders to the simulated
 * org, and talk in {@code chat:} channels, where they see who else is there, and in the lab's. For this machine only: an installation has tokens.
 */
final class DemoTenant {

    static final String ID = "demo";
    static final String ORDERS = "/event/Order__e";
    static final String LAB = "/event/Lightline_Lab__e";

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
        properties.putAll(namespace(tenant, "lab", "lab:", "anybody", "10m"));
        properties.putAll(namespace(tenant, "event", "/event/", "nobody", "72h"));
        properties.putAll(namespace(tenant, "data", "/data/", "nobody", "72h"));
        // The way back: this one topic may be published to, and the event comes around through the org.
        properties.putAll(namespace(tenant, "order", ORDERS, "anybody", "72h"));
        properties.put(tenant + "namespaces.order.salesforce-publish", "true");
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
