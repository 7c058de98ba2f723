package io.lightline.relay.admission;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many sockets a pod takes, and how fast. What a tenant or a user may have is decided later, by the token. */
@ConfigMapping(prefix = "lightline.limits")
public interface AdmissionConfig {

    /** Connections of this pod at most, one more gets 503; 0 sets no limit. */
    @WithDefault("50000")
    int maxConnections();

    /** Connections from one address at most, one more gets 429; 0 sets no limit. */
    @WithDefault("0")
    int maxAddressConnections();

    /** New connections a second, more get 503; 0 sets no limit. */
    @WithDefault("125")
    int upgradeRate();

    /** New connections that may come at once after a quiet time. */
    @WithDefault("250")
    int upgradeBurst();
}
