package io.lightline.relay.session;

import io.lightline.backplane.Position;
import io.lightline.relay.session.Subscription.Right;
import io.lightline.relay.session.Subscription.Terms;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.PersonalChannel;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.User;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is subscribed to from its start: what its token says, and the channels that are its own.
 *
 * @param granted by channel
 * @param refused a channel that the token names and that does not exist, or is somebody else's; empty when all is well
 */
record ServerSubscriptions(Map<String, Granted> granted, Optional<String> refused) {

    record Granted(Verdict.Granted grant, Right right, Subscribing how) {

        Terms terms(@Nullable Position since) {
            return ServerSubscriptions.terms(grant, right, how, since);
        }
    }

    static ServerSubscriptions of(User user, String client, ChannelAuthorizer channels) {
        var granted = new LinkedHashMap<String, Granted>();
        for (PersonalChannel personal : channels.personalChannels(user, client)) {
            var grant = new Verdict.Granted(personal.channel(), personal.rules(), null);
            granted.put(personal.channel().name(), new Granted(grant, Right.SERVER, Subscribing.PLAIN));
        }
        for (Map.Entry<String, Subscribing> named : user.subscriptions().entrySet()) {
            if (channels.decideServerSide(user, client, named.getKey()) instanceof Verdict.Granted grant) {
                granted.put(named.getKey(), new Granted(grant, Right.CLAIM, named.getValue()));
            } else {
                return new ServerSubscriptions(Map.of(), Optional.of(named.getKey()));
            }
        }
        return new ServerSubscriptions(granted, Optional.empty());
    }

    static Terms terms(Verdict.Granted grant, Right right, Subscribing how, @Nullable Position since) {
        return new Terms(
                grant.channel(), grant.rules(), right, grant.filter(), null, true, since, how.info(), how.data(), null);
    }
}
