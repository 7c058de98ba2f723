package io.lightline.relay.session;

import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.Command;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.tenant.User;
import java.util.Optional;

/**
 * Carries out {@code connect}: verifies the token, counts the connection, makes the subscriptions that it has from its start,
 * and replies when all of them are there. On the connection's event loop only; never blocks.
 */
final class ConnectCommand {

    private final Session session;
    private final SessionServices services;
    private final Subscriptions subscriptions;
    private final InFlight inFlight;
    private final Answers answers;

    ConnectCommand(
            Session session,
            SessionServices services,
            Subscriptions subscriptions,
            InFlight inFlight,
            Answers answers) {
        this.session = session;
        this.services = services;
        this.subscriptions = subscriptions;
        this.inFlight = inFlight;
        this.answers = answers;
    }

    void connect(long request, Command.Connect connect) {
        if (session.stage() instanceof Stage.Connected) {
            answers.refuse(request, ErrorCode.BAD_REQUEST, "connected already");
            return;
        }
        session.enter(new Stage.Connecting(Optional.empty()));
        inFlight.await(session.verify(connect.token()), user -> identified(request, connect, user), failure -> {
            session.enter(new Stage.Fresh());
            answers.tokenRefused(request, failure);
        });
    }

    private void identified(long request, Command.Connect connect, User user) {
        if (!services.limits().enter(user)) {
            session.close(CloseCode.CONNECTION_LIMIT);
            return;
        }
        session.enter(new Stage.Connecting(Optional.of(user)));
        SessionConfig config = services.config();
        var own = ServerSubscriptions.of(user, session.id(), services.channels());
        if (own.refused().isPresent()) {
            giveUp(user);
            answers.refuse(request, ErrorCode.UNKNOWN_CHANNEL, own.refused().get());
        } else if (own.granted().size() > config.maxChannels()) {
            giveUp(user);
            answers.refuse(
                    request,
                    ErrorCode.LIMIT_EXCEEDED,
                    "the token names more than " + config.maxChannels() + " channels");
        } else {
            var reply = new ConnectReply(
                    own.granted(), connect.since(), config.maxPending().asLongValue() / 2);
            reply.first().forEach(channel -> start(request, user, reply, channel));
            if (reply.complete()) {
                connected(request, user, reply);
            }
        }
    }

    /** The client may try again on the same socket. */
    private void giveUp(User user) {
        services.limits().leave(user);
        session.startOver();
    }

    /** Makes one of the subscriptions. */
    void start(long request, User user, ConnectReply made, String channel) {
        var outcome = new AtConnect(this, request, user, made, channel);
        subscriptions.start(made.terms(channel), outcome);
    }

    /** The last of the subscriptions is there. */
    void complete(long request, User user, ConnectReply made) {
        connected(request, user, made);
        session.goOn();
    }

    /** One of the subscriptions cannot be made. */
    void incomplete(long request, User user) {
        if (session.stage() instanceof Stage.Connecting) {
            giveUp(user);
            answers.refuse(request, ErrorCode.INTERNAL);
            session.goOn();
        }
    }

    private void connected(long request, User user, ConnectReply made) {
        if (services.revoked().revoked(user)) {
            session.close(CloseCode.TOKEN_REVOKED);
            return;
        }
        session.enter(new Stage.Connected(user, user.expiresAt()));
        services.metrics().connected();
        answers.reply(
                request,
                new Reply.Connected(
                        session.id(),
                        services.version(),
                        services.node(),
                        session.untilEnd(user.expiresAt()),
                        services.config().pingInterval(),
                        made.subscriptions()));
        made.following().forEach(session::push);
        session.releaseHeld();
    }
}
