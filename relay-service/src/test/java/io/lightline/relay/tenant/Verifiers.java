package io.lightline.relay.tenant;

import io.lightline.relay.TestConfig;
import java.util.Map;

/** Token verifiers from configuration, without a container. */
public final class Verifiers {

    private Verifiers() {}

    public static TokenVerifier of(Map<String, String> config) {
        return new TokenVerifier(new TenantDirectory(TestConfig.of(TenantsConfig.class, config)));
    }
}
