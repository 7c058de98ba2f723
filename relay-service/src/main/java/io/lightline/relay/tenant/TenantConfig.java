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

    /** Keys of the server API, sent as {@code X-API-Key}; none closes the API to this tenant. */
    Optional<List<String>> apiKeys();

    /**
     * Origins of the pages that may connect: {@code https://acme.lightning.force.com}, exactly. None keeps browsers out. The value
     * {@code *} lets every page in; only together with {@code anonymous=true}.
     */
    Optional<List<String>> allowedOrigins();

    /** Whether clients without an {@code Origin} header may connect: everything but browsers. */
    @WithDefault("true")
    boolean allowNoOrigin();

    /** What the tenant may use of one pod. */
    LimitsConfig limits();

    /** Who signs this tenant's tokens, by a name of your choice. */
    Map<String, IssuerConfig> issuers();

    /** What may be done on which channels, by a name of your choice. A channel that no prefix fits does not exist. */
    Map<String, NamespaceConfig> namespaces();

    /** Bounds of one tenant on one pod. */
    interface LimitsConfig {

        /** Connections of the tenant; no limit by default. */
        Optional<Integer> maxConnections();

        /** Connections of one user; no limit by default. */
        Optional<Integer> maxUserConnections();
    }

    /** Somebody who signs tokens, and how to check it. Keys of several sources are valid side by side. */
    interface IssuerConfig {

        /** The {@code iss} claim of the tokens. One issuer of the whole relay may do without; it then has those without {@code iss}. */
        Optional<String> issuer();

        /** An audience that the {@code aud} claim must contain. */
        Optional<String> audience();

        /** Shared secret of HS256 tokens; 32 bytes at least. */
        Optional<String> hmacSecret();

        /** File with the shared secret, read again when it changes. */
        Optional<Path> hmacSecretFile();

        /** PEM texts with certificates or public keys: RSA for RS256 and RS512, EC P-256 for ES256. */
        Optional<List<String>> publicKeys();

        /** Files with the same, read again when they change. */
        Optional<List<Path>> publicKeyFiles();

        /** Address of a JSON Web Key Set. */
        Optional<String> jwksUrl();

        /** How often the set is fetched, apart from when a token needs a key that is not in it. */
        @WithDefault("10m")
        Duration jwksRefresh();
    }

    /** The channels that start with one prefix; the longest prefix that fits a channel decides. */
    interface NamespaceConfig {

        /** For example {@code chat:} or {@code /event/}. */
        String prefix();

        /** Who may subscribe: {@code nobody}, {@code authenticated} or {@code anybody}. */
        @WithDefault("anybody")
        Access subscribe();

        /**
         * Who may publish; also {@code subscribers}. The server API always may. Nobody on {@code /data/}, and on {@code /event/} only
         * together with {@code salesforce-publish}.
         */
        @WithDefault("nobody")
        Access publish();

        /** Who may read the history; {@code subscribers} are on the channel or may go there. */
        @WithDefault("subscribers")
        Access history();

        /** Who may ask who is on the channel. */
        @WithDefault("subscribers")
        Access presence();

        /** Publications kept for history and recovery; 0 keeps none. */
        @WithDefault("0")
        int historySize();

        /** How long they are kept after a channel's last publication. */
        @WithDefault("0s")
        Duration historyTtl();

        /** What a client that comes back gets: {@code stream} all that it missed, {@code cache} the latest publication. */
        @WithDefault("stream")
        RecoveryMode recovery();

        /** Whether it is known who is on a channel. */
        @WithDefault("false")
        boolean presenceEnabled();

        /** Whether clients may ask to hear who comes and goes. */
        @WithDefault("false")
        boolean joinLeave();

        /** Whether all clients hear who comes and goes, asked or not. */
        @WithDefault("false")
        boolean pushJoinLeave();

        /** What becomes of a client that reads too slowly: {@code close}, or {@code latest} only. */
        @WithDefault("close")
        SlowConsumer slowConsumer();

        /**
         * Whether what is published goes to the Salesforce topic of that name, and comes around from there, instead of straight to the
         * subscribers. Only with a prefix of {@code /event/}; the publisher has to serve the topic.
         */
        @WithDefault("false")
        boolean salesforcePublish();

        /** Publications a second of one connection; no limit by default. */
        Optional<Integer> publishRate();

        /** Publications that a connection may send at once before its rate counts. */
        @WithDefault("10")
        int publishBurst();

        /**
         * Whose channels these are: {@code none}, {@code user} or {@code client}. Every connection is subscribed to its own one, the
         * prefix and its user's id or its client id, and nobody else can be.
         */
        @WithDefault("none")
        Personal personal();
    }
}
