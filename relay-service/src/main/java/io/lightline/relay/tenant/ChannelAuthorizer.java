package io.lightline.relay.tenant;

import io.lightline.backplane.ChannelName;
import io.lightline.relay.filter.Filter;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a user may do on a channel. A channel is looked up inside the user's tenant only, so nobody can name another's.
 * Rights add up: what the namespace allows, and what the token's {@link Capability capabilities} allow besides. Callable from any
 * thread; never blocks.
 */
@Singleton
public final class ChannelAuthorizer {

    /** What somebody wants to do. */
    public enum Wish {
        SUBSCRIBE,
        PUBLISH,
        READ_HISTORY,
        READ_PRESENCE
    }

    /** The answer to a {@link Wish}. */
    public sealed interface Verdict {

        /** @param filter that the publications have to pass, live ones and those of the history; null for none */
        record Granted(
                ChannelName channel,
                ChannelRules rules,
                @Nullable Filter filter) implements Verdict {}

        /** No namespace of the tenant has such a channel, or it is no channel name. */
        record Unknown() implements Verdict {}

        record Denied() implements Verdict {}

        /** The channel keeps no history, or nobody knows who is on it. */
        record NotAvailable() implements Verdict {}
    }

    /** What the user asks for by itself. */
    public Verdict decide(User user, Wish wish, String channel, Standing standing) {
        return find(user.tenant(), channel)
                .map(found -> new Request(user, standing, found).decide(wish))
                .orElseGet(Verdict.Unknown::new);
    }

    /** Subscribing with a token, which is the right. It has to be the user's: {@link TokenVerifier#verifySubscription}. */
    public Verdict decide(User user, SubscriptionToken token) {
        return find(user.tenant(), token.channel())
                .map(found ->
                        found.owned() && !found.isUsers(user) ? new Verdict.Denied() : found.granted(token.filter()))
                .orElseGet(Verdict.Unknown::new);
    }

    /**
     * Subscribing a connection that did not ask: because its token says so, because the channel is its own, or because the tenant's
     * back end wants it. That is the right; another one's personal channel is out of reach all the same.
     *
     * @param client id of the connection
     */
    public Verdict decideServerSide(User user, String client, String channel) {
        return find(user.tenant(), channel)
                .map(found -> found.owned() && !found.isOwn(user, client)
                        ? new Verdict.Denied()
                        : found.granted(user.subscriptions()
                                .getOrDefault(channel, Subscribing.PLAIN)
                                .filter()))
                .orElseGet(Verdict.Unknown::new);
    }

    /** The tenant's own back end: every channel that exists. */
    public Verdict decideForServer(Tenant tenant, String channel) {
        return find(tenant, channel).map(found -> found.granted(null)).orElseGet(Verdict.Unknown::new);
    }

    /** The channels that are this connection's or its user's own. One whose id cannot be part of a channel's name has none. */
    public List<PersonalChannel> personalChannels(User user, String client) {
        return user.tenant().personalNamespaces().stream()
                .flatMap(namespace -> find(user.tenant(), namespace.prefix() + namespace.ownerId(user, client)).stream()
                        .filter(found -> found.namespace == namespace && found.isOwn(user, client)))
                .map(found -> new PersonalChannel(found.channel, found.namespace.rules()))
                .toList();
    }

    private static Optional<Found> find(Tenant tenant, String channel) {
        return tenant.namespaceOf(channel).flatMap(namespace -> {
            try {
                return Optional.of(new Found(new ChannelName(tenant.id(), channel), namespace));
            } catch (IllegalArgumentException noName) {
                return Optional.empty();
            }
        });
    }

    /** A channel that exists, and its namespace. */
    private record Found(ChannelName channel, Namespace namespace) {

        boolean owned() {
            return namespace.personal() != Personal.NONE;
        }

        boolean isUsers(User user) {
            return namespace.personal() == Personal.USER && isOwn(user, "");
        }

        boolean isOwn(User user, String client) {
            String owner = namespace.ownerId(user, client);
            return !owner.isEmpty()
                    && channel.name().equals(namespace.prefix() + owner)
                    && (namespace.subscribe() == Access.ANYBODY || user.authenticated());
        }

        Verdict granted(@Nullable Filter filter) {
            return new Verdict.Granted(channel, namespace.rules(), filter);
        }
    }

    /** Somebody and a channel. */
    private record Request(User user, Standing standing, Found found) {

        Verdict decide(Wish wish) {
            Namespace namespace = found.namespace;
            return switch (wish) {
                case SUBSCRIBE -> filtered(subscribing());
                case PUBLISH -> whole(publishing());
                case READ_HISTORY ->
                    available(
                            namespace.rules().retention().keeps(),
                            filtered(reading(namespace.history(), Permission.HISTORY)));
                case READ_PRESENCE ->
                    available(namespace.rules().presence(), whole(reading(namespace.presence(), Permission.PRESENCE)));
            };
        }

        private Reach subscribing() {
            return found.owned()
                    ? Reach.when(found.isUsers(user))
                    : allowed(found.namespace.subscribe()).or(capable(Permission.SUBSCRIBE));
        }

        private Reach publishing() {
            return Namespace.isSalesforces(found.channel.name())
                            && !found.namespace.rules().salesforcePublish()
                    ? Reach.NOTHING
                    : allowed(found.namespace.publish()).or(capable(Permission.PUBLISH));
        }

        private Reach reading(Access access, Permission permission) {
            boolean foreign = found.owned() && !found.isUsers(user) && standing instanceof Standing.Outside;
            return foreign ? Reach.NOTHING : allowed(access).or(capable(permission));
        }

        private Reach allowed(Access access) {
            return switch (access) {
                case NOBODY -> Reach.NOTHING;
                case SUBSCRIBERS -> subscribed().or(subscribing());
                case AUTHENTICATED -> Reach.when(user.authenticated());
                case ANYBODY -> Reach.EVERYTHING;
            };
        }

        private Reach subscribed() {
            return switch (standing) {
                case Standing.Outside _ -> Reach.NOTHING;
                case Standing.Subscribed(var forced) -> Reach.through(forced);
            };
        }

        private Reach capable(Permission permission) {
            return user.capabilities().stream()
                    .filter(capability -> capability.allows(permission, found.channel.name()))
                    .map(capability -> Reach.through(capability.filter()))
                    .reduce(Reach.NOTHING, Reach::or);
        }

        private Verdict filtered(Reach reach) {
            return switch (reach) {
                case Reach.Nothing _ -> new Verdict.Denied();
                case Reach.Filtered(var filter) -> found.granted(filter);
                case Reach.Everything _ -> found.granted(null);
            };
        }

        /** A right that is there or not: a filter says nothing about it. */
        private Verdict whole(Reach reach) {
            return reach instanceof Reach.Nothing ? new Verdict.Denied() : found.granted(null);
        }

        private static Verdict available(boolean offered, Verdict verdict) {
            return verdict instanceof Verdict.Granted && !offered ? new Verdict.NotAvailable() : verdict;
        }
    }
}
