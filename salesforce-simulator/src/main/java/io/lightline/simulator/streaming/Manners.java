package io.lightline.simulator.streaming;

import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.Session;
import java.util.Map;
import java.util.Optional;
import org.cometd.bayeux.Channel;
import org.cometd.bayeux.Message;
import org.cometd.bayeux.server.BayeuxServer;
import org.cometd.bayeux.server.SecurityPolicy;
import org.cometd.bayeux.server.ServerChannel;
import org.cometd.bayeux.server.ServerMessage;
import org.cometd.bayeux.server.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * How Salesforce's Bayeux server differs from any other: whose requests it answers, what may be subscribed to, and its words.
 * Each request carries an access token, as a REST request does; the first one's org is the client's for good.
 */
final class Manners implements SecurityPolicy, BayeuxServer.Extension {

    private static final String BEARER = "Bearer ";
    private static final String OAUTH = "OAuth ";
    private static final String SESSION = Session.class.getName();

    private final Orgs orgs;

    Manners(Orgs orgs) {
        this.orgs = orgs;
    }

    /** As whom a client has said its handshake. */
    static Session session(ServerSession client) {
        return (Session) client.getAttribute(SESSION);
    }

    @Override
    public boolean canHandshake(BayeuxServer server, ServerSession client, ServerMessage message) {
        var session = session(message);
        session.ifPresent(present -> client.setAttribute(SESSION, present));
        return session.isPresent();
    }

    @Override
    public boolean canCreate(
            BayeuxServer server, @Nullable ServerSession client, String channel, ServerMessage message) {
        return canSubscribe(client, channel, message);
    }

    @Override
    public boolean canSubscribe(
            BayeuxServer server, @Nullable ServerSession client, ServerChannel channel, ServerMessage message) {
        return canSubscribe(client, channel.getId(), message);
    }

    @Override
    public boolean canPublish(
            BayeuxServer server, @Nullable ServerSession client, ServerChannel channel, ServerMessage message) {
        return channel.isMeta();
    }

    /** A token that is no longer valid ends what its client does. */
    @Override
    public boolean rcvMeta(@Nullable ServerSession client, ServerMessage.Mutable message) {
        return Channel.META_HANDSHAKE.equals(message.getChannel())
                || session(message).isPresent();
    }

    @Override
    public boolean sendMeta(@Nullable ServerSession client, ServerMessage.Mutable reply) {
        if (Channel.META_HANDSHAKE.equals(reply.getChannel())) {
            reply.getExt(true).putAll(Map.of("replay", true, "payload.format", true));
        }
        if (!reply.isSuccessful()) {
            refusal(client, reply).ifPresent(refusal -> refusal.into(reply));
        }
        return true;
    }

    private static boolean canSubscribe(@Nullable ServerSession client, String channel, ServerMessage message) {
        return client != null
                && client.isHandshook()
                && Channel.META_SUBSCRIBE.equals(message.getChannel())
                && Refusal.toSubscribe(session(client), channel, message).isEmpty();
    }

    private Optional<Refusal> refusal(@Nullable ServerSession client, ServerMessage.Mutable reply) {
        var message = reply.getAssociated();
        if (Channel.META_HANDSHAKE.equals(reply.getChannel())) {
            reply.getExt(true)
                    .put("sfdc", Map.of("failureReason", tokenRefusal(message).error()));
            return Optional.of(Refusal.HANDSHAKE_DENIED);
        }
        if (session(message).isEmpty()) {
            return Optional.of(tokenRefusal(message));
        }
        if (client == null || !client.isHandshook()) {
            return Optional.of(Refusal.UNKNOWN_CLIENT);
        }
        return switch (reply.getChannel()) {
            case Channel.META_SUBSCRIBE ->
                Optional.ofNullable(message.get(Message.SUBSCRIPTION_FIELD))
                        .flatMap(channel -> Refusal.toSubscribe(session(client), channel.toString(), message));
            case Channel.META_CONNECT, Channel.META_UNSUBSCRIBE, Channel.META_DISCONNECT -> Optional.empty();
            case null, default -> Optional.of(Refusal.NO_PUBLISHING);
        };
    }

    private static Refusal tokenRefusal(ServerMessage message) {
        return token(message).isEmpty() ? Refusal.NO_TOKEN : Refusal.INVALID_TOKEN;
    }

    private Optional<Session> session(ServerMessage message) {
        return token(message).flatMap(orgs::session);
    }

    private static Optional<String> token(ServerMessage message) {
        return Optional.ofNullable(message.getBayeuxContext())
                .map(context -> context.getHeader("Authorization"))
                .flatMap(header -> after(BEARER, header).or(() -> after(OAUTH, header)));
    }

    private static Optional<String> after(String scheme, String header) {
        return header.startsWith(scheme) ? Optional.of(header.substring(scheme.length())) : Optional.empty();
    }
}
