package io.lightline.relay.control;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.RawJson;
import io.lightline.relay.control.ControlMessage.Answer;
import io.lightline.relay.control.ControlMessage.Disconnect;
import io.lightline.relay.control.ControlMessage.Order;
import io.lightline.relay.control.ControlMessage.Question;
import io.lightline.relay.control.ControlMessage.Refresh;
import io.lightline.relay.control.ControlMessage.RevokeTokens;
import io.lightline.relay.control.ControlMessage.Subscribe;
import io.lightline.relay.control.ControlMessage.Unsubscribe;
import io.lightline.relay.session.Session;
import io.lightline.relay.session.SessionLoops;
import io.lightline.relay.tenant.ChannelAuthorizer;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.User;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Takes what pods say to each other, and sees to it that it is done here. An order that is given on this pod takes the same road as
 * one from elsewhere: to all pods, and so back to here. It looks at every session, as orders are few and an index would have to be
 * kept for each connection that comes and goes; therefore it has a thread of its own. What is to happen to a session happens on its
 * event loop, later.
 */
@Singleton
public final class ControlDesk {

    private static final Logger LOG = Logger.getLogger(ControlDesk.class);

    private final Backplane backplane;
    private final ControlCodec codec;
    private final SessionLoops loops;
    private final ChannelAuthorizer channels;
    private final Revocations revocations;
    private final Census census;
    private final Survey survey;
    private final OrderThread orders;

    ControlDesk(
            Backplane backplane,
            ControlCodec codec,
            SessionLoops loops,
            ChannelAuthorizer channels,
            Revocations revocations,
            Census census,
            Survey survey,
            OrderThread orders) {
        this.backplane = backplane;
        this.codec = codec;
        this.loops = loops;
        this.channels = channels;
        this.revocations = revocations;
        this.census = census;
        this.survey = survey;
        this.orders = orders;
    }

    /** Tells all pods. Completes when the backplane has taken it; nothing tells whether a pod has heard it. Any thread. */
    public Uni<Void> give(Order order) {
        return backplane.control(codec.encode(order));
    }

    /** Delivery thread. */
    public void receive(RawJson message) {
        codec.decode(message).ifPresent(this::receive);
    }

    private void receive(ControlMessage message) {
        switch (message) {
            case Order order -> orders.execute(() -> carryOut(order));
            case Question question -> census.answer(question);
            case Answer answer -> survey.hear(answer);
        }
    }

    private void carryOut(Order order) {
        switch (order) {
            case Subscribe subscribe ->
                sessions(subscribe.whom())
                        .forEach(session -> session.execute(
                                () -> session.user().ifPresent(user -> subscribe(session, user, subscribe))));
            case Unsubscribe(var whom, var channel) ->
                sessions(whom).forEach(session -> session.execute(() -> session.unsubscribe(channel)));
            case Disconnect(var whom, var except, var code) ->
                sessions(whom).filter(session -> !except.contains(session.id())).forEach(session -> session.end(code));
            case Refresh(var whom, var expiresAt) ->
                sessions(whom).forEach(session -> session.execute(() -> session.expire(expiresAt)));
            case RevokeTokens(var revocation) -> revocations.apply(List.of(revocation));
        }
    }

    private Stream<Session> sessions(Whom whom) {
        return loops.sessions().filter(whom::includes);
    }

    /** On the session's event loop. */
    private void subscribe(Session session, User user, Subscribe order) {
        switch (channels.decideServerSide(user, session.id(), order.channel())) {
            case Verdict.Granted granted ->
                session.subscribe(
                        granted, new Subscribing(order.info(), order.data(), granted.filter()), order.since());
            case Verdict.Unknown _, Verdict.Denied _, Verdict.NotAvailable _ ->
                LOG.debugf("No channel of this client sessionId=%s channel=%s", session.id(), order.channel());
        }
    }
}
