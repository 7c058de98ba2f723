package io.lightline.relay.tenant;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Retention;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Decides what a user may do on a channel. A channel is looked up inside the user's tenant only, so nobody can name another's.
 * Callable from any thread; never blocks.
 */
@Singleton
public final class ChannelAuthorizer {

    /** What somebody wants to do. */
    public enum Wish {
        SUBSCRIBE,
        READ_HISTORY,
        PUBLISH
    }

    /** The answer to a {@link Wish}. */
    public sealed interface Verdict {

        /** @param retention of the channel: whether a subscription recovers, and what a publication leaves behind */
        record Granted(ChannelName channel, Retention retention) implements Verdict {}

        /** No namespace of the tenant has such a channel, or it is no channel name. */
        record Unknown() implements Verdict {}

        record Denied() implements Verdict {}

        /** The channel keeps no history. */
        record NotAvailable() implements Verdict {}
    }

    public Verdict decide(Tenant tenant, Wish wish, String channel) {
        return find(tenant, channel).map(found -> found.decide(wish)).orElseGet(Verdict.Unknown::new);
    }

    /** The tenant's own back end: every channel that exists. */
    public Verdict decideForServer(Tenant tenant, String channel) {
        return find(tenant, channel).map(Found::granted).orElseGet(Verdict.Unknown::new);
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

    /** A channel that exists, and its rules. */
    private record Found(ChannelName channel, Namespace namespace) {

        Verdict decide(Wish wish) {
            return switch (wish) {
                case SUBSCRIBE -> namespace.subscribe() ? granted() : new Verdict.Denied();
                case PUBLISH ->
                    namespace.publish() && !Namespace.isSalesforces(channel.name()) ? granted() : new Verdict.Denied();
                case READ_HISTORY ->
                    !namespace.subscribe()
                            ? new Verdict.Denied()
                            : namespace.retention().keeps() ? granted() : new Verdict.NotAvailable();
            };
        }

        Verdict granted() {
            return new Verdict.Granted(channel, namespace.retention());
        }
    }
}
