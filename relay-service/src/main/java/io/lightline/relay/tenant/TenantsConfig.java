package io.lightline.relay.tenant;

import io.smallrye.config.ConfigMapping;
import java.util.Map;

/** Who shares this relay. */
@ConfigMapping(prefix = "lightline")
public interface TenantsConfig {

    /** By tenant id: letters, digits, '.', '_' and '-'. */
    Map<String, TenantConfig> tenants();
}
