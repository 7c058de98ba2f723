package io.lightline.relay.tenant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** Who shares this relay. */
@ConfigMapping(prefix = "lightline.tenants")
public interface TenantsConfig {

    /** By tenant id: letters, digits, '.', '_' and '-'. */
    @WithParentName
    Map<String, TenantConfig> byId();
}
