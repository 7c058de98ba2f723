package io.lightline.relay.session;

import io.lightline.relay.hub.Refusal;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;

/** The client asked for the subscription, and gets a reply; until then the command is in flight. */
final class ByCommand implements Subscription.Outcome {

    private final Session session;
    private final long request;
    private final boolean heavy;

    /** @param heavy whether the reply may be large */
    ByCommand(Session session, long request, boolean heavy) {
        this.session = session;
        this.request = request;
        this.heavy = heavy;
        session.inFlight().began(heavy);
    }

    @Override
    public void subscribed(Reply.Subscribed reply) {
        session.inFlight().ended(heavy);
        session.answers().reply(request, reply);
        // What goes out now is flushed with the others of its loop's batch.
        session.proceed();
    }

    @Override
    public void refused(Refusal reason) {
        session.inFlight().ended(heavy);
        switch (reason) {
            case UNAVAILABLE -> session.answers().refuse(request, ErrorCode.INTERNAL);
            case TOO_MANY_FILTERS ->
                session.answers()
                        .refuse(request, ErrorCode.LIMIT_EXCEEDED, "too many different filters on the channel");
        }
        session.goOn();
    }

    @Override
    public void abandoned(ErrorCode reason) {
        session.inFlight().ended(heavy);
        if (!session.isClosed()) {
            session.answers().refuse(request, reason, "unsubscribed before it was subscribed");
        }
    }
}
