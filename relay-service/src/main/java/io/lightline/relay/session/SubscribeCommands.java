package io.lightline.relay.session;

import io.lightline.backplane.Position;
import io.lightline.relay.protocol.Command;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.session.Subscription.Right;
import io.lightline.relay.session.Subscription.Terms;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.Standing;
import io.lightline.relay.tenant.Subscribing;
import io.lightline.relay.tenant.SubscriptionToken;
import io.lightline.relay.tenant.User;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out {@code subscribe} and {@code unsubscribe}, and the back end's wish that a client be on a channel. On the
 * connection's event loop only; never blocks.
 */
final class SubscribeCommands {

    private static final Logger LOG = Logger.getLogger(SubscribeCommands.class);

    private final Session session;
    private final SessionServices services;
    private final Subscriptions subscriptions;
    private final InFlight inFlight;
    private final Answers answers;

    SubscribeCommands(
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

    /** By the user's own rights, or by those of the token that comes with it. */
    void subscribe(long request, User user, Command.Subscribe wish) {
        if (possible(request, wish.channel())) {
            if (wish.token().isEmpty()) {
                answers.ifGranted(
                        request,
                        services.channels().decide(user, Wish.SUBSCRIBE, wish.channel(), new Standing.Outside()),
                        grant -> subscribe(request, wish, grant, Optional.empty()));
            } else {
                subscribeByToken(request, user, wish);
            }
        }
    }

    private boolean possible(long request, String channel) {
        if (subscriptions.contains(channel)) {
            answers.refuse(request, ErrorCode.ALREADY_SUBSCRIBED);
        } else if (subscriptions.full()) {
            String detail = "more than " + services.config().maxChannels() + " channels";
            answers.refuse(request, ErrorCode.LIMIT_EXCEEDED, detail);
        } else {
            return true;
        }
        return false;
    }

    private void subscribeByToken(long request, User user, Command.Subscribe wish) {
        inFlight.await(
                services.tokens().verifySubscription(user, wish.channel(), wish.token()),
                token -> {
                    if (possible(request, wish.channel())) {
                        answers.ifGranted(
                                request,
                                services.channels().decide(user, token),
                                grant -> subscribe(request, wish, grant, Optional.of(token)));
                    }
                },
                failure -> answers.subscriptionTokenRefused(request, failure));
    }

    private void subscribe(
            long request, Command.Subscribe wish, Verdict.Granted grant, Optional<SubscriptionToken> token) {
        var terms = new Terms(
                grant.channel(),
                grant.rules(),
                token.isPresent() ? Right.TOKEN : Right.USER,
                grant.filter(),
                wish.filter(),
                wish.joinLeave(),
                wish.since(),
                token.map(SubscriptionToken::info).orElse(null),
                null,
                token.map(SubscriptionToken::expiresAt).orElse(null));
        subscriptions.start(terms, new ByCommand(session, request, InFlight.heavy(wish)));
    }

    void unsubscribe(long request, String channel) {
        subscriptions.leave(channel);
        answers.reply(request, new Reply.Unsubscribed());
    }

    /** See {@link Session#subscribe}. */
    void subscribeByServer(Verdict.Granted grant, Subscribing how, @Nullable Position since) {
        String channel = grant.channel().name();
        if (subscriptions.contains(channel)) {
            return;
        }
        if (subscriptions.full()) {
            services.metrics().refused(ErrorCode.LIMIT_EXCEEDED);
            LOG.debugf(
                    "Not subscribed by the server, too many channels sessionId=%s channel=%s", session.id(), channel);
            return;
        }
        Terms terms = ServerSubscriptions.terms(grant, Right.SERVER, how, since);
        subscriptions.start(terms, new ByServer(session, channel));
    }
}
