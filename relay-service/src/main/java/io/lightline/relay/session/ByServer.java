package io.lightline.relay.session;

import io.lightline.relay.hub.Refusal;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Push;
import io.lightline.relay.protocol.Reply;
import org.jboss.logging.Logger;

/** The client has not asked, and is told. SDKs read no publications from such a push, so they follow it. */
final class ByServer implements Subscription.Outcome {

    private static final Logger LOG = Logger.getLogger(ByServer.class);

    private final Session session;
    private final String channel;

    ByServer(Session session, String channel) {
        this.session = session;
        this.channel = channel;
    }

    @Override
    public void subscribed(Reply.Subscribed reply) {
        session.push(new Push.Subscribed(channel, reply.withoutPublications()));
        reply.publications().forEach(publication -> session.push(new Push.Published(channel, publication)));
    }

    /** At most once, as everything that the back end says to clients. */
    @Override
    public void refused(Refusal reason) {
        LOG.debugf("Not subscribed by the server sessionId=%s channel=%s reason=%s", session.id(), channel, reason);
    }

    @Override
    public void abandoned(ErrorCode reason) {}
}
