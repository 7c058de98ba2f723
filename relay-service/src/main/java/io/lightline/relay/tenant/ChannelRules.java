package io.lightline.relay.tenant;

import io.lightline.backplane.Retention;
import java.util.Optional;

/**
 * How a channel behaves, whoever is on it.
 *
 * @param retention what is kept; a channel that keeps something has positions, and subscriptions to it recover
 * @param presence whether it is known who is on it
 * @param joinLeave whether those on it may hear who comes and goes
 * @param pushJoinLeave whether all of them hear it, not only those who asked
 * @param salesforcePublish whether what is published here goes to Salesforce, and comes around from there
 * @param publishRate of one connection, over all channels of the namespace; empty for no limit
 */
public record ChannelRules(
        Retention retention,
        RecoveryMode recovery,
        boolean presence,
        boolean joinLeave,
        boolean pushJoinLeave,
        SlowConsumer slowConsumer,
        boolean salesforcePublish,
        Optional<Rate> publishRate) {

    public ChannelRules {
        if (recovery == RecoveryMode.CACHE && !retention.keeps()) {
            throw new IllegalArgumentException("recovery=cache needs a history-size of 1 at least");
        }
        if (pushJoinLeave && !joinLeave) {
            throw new IllegalArgumentException("push-join-leave needs join-leave");
        }
    }
}
