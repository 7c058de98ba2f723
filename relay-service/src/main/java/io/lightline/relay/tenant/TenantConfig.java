package io.lightline.relay.tenant;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One tenant: a Salesforce organisation, or a plain application. */
public interface TenantConfig {

    /** Whether clients without a token may connect. For demos: at most one tenant may allow it. */
    @WithDefault("false")
    boolean anonymous();

    /** The {@code iss} claim of this tenant's tokens. At most one tenant may have keys and no issuer. */
    Optional<String> issuer();

    /** An audience that the {@code aud} claim must contain. */
    Optional<String> audience();

    /** Shared secret of HS256 tokens; 32 bytes at least. */
    Optional<String> hmacSecret();

    /** PEM file with the certificate or public key of RS256 tokens. */
    Optional<Path> publicKeyFile();

    /** PEM text with the certificate or public key of RS256 tokens, instead of a file. */
    Optional<String> publicKey();

    /** Keys of the server API, sent as {@code X-API-Key}; none closes the API to this tenant. */
    Optional<List<String>> apiKeys();

    /** What may be done on which channels, by a name of your choice. A channel that no prefix fits does not exist. */
    Map<String, NamespaceConfig> namespaces();

    /** The channels that start with one prefix; the longest prefix that fits a channel decides. */
    interface NamespaceConfig {

        /** For example {@code chat:} or {@code /event/}. */
        String prefix();

        /** Whether clients may subscribe and read the history. */
        @WithDefault("true")
        boolean subscribe();

        /** Whether clients may publish. The server API always may. Never on {@code /event/} and {@code /data/}. */
        @WithDefault("false")
        boolean publish();

        /** Publications kept for history and recovery; 0 keeps none. */
        @WithDefault("0")
        int historySize();

        /** How long they are kept after a channel's last publication. */
        @WithDefault("0s")
        Duration historyTtl();
    }
}
