package io.lightline.relay.session;

import io.lightline.relay.filter.Filter;
import io.lightline.relay.protocol.CloseCode;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.protocol.UnsubscribeCode;
import io.lightline.relay.session.Subscription.Right;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.Standing;
import io.lightline.relay.tenant.SubscriptionToken;
import io.lightline.relay.tenant.User;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out {@code refresh} and {@code sub_refresh}: a new token prolongs, and what it no longer grants ends. On the
 * connection's event loop only; never blocks.
 */
final class RefreshCommands {

    private static final Logger LOG = Logger.getLogger(RefreshCommands.class);

    private final Session session;
    private final SessionServices services;
    private final Subscriptions subscriptions;
    private final InFlight inFlight;
    private final Answers answers;

    RefreshCommands(
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

    /** A new token for the connection. */
    void refresh(long request, User known, String token) {
        inFlight.await(
                session.verify(token),
                verified -> refreshed(request, known, verified),
                failure -> answers.tokenRefused(request, failure));
    }

    private void refreshed(long request, User known, User verified) {
        if (verified.tenant() != known.tenant() || !verified.id().equals(known.id())) {
            LOG.infof("Refresh with the token of another user sessionId=%s", session.id());
            session.close(CloseCode.INVALID_TOKEN);
            return;
        }
        session.enter(new Stage.Connected(verified, verified.expiresAt()));
        var reply = new Reply.Refreshed(session.id(), services.version(), session.untilEnd(verified.expiresAt()));
        answers.reply(request, reply);
        subscriptions.all().forEach(subscription -> endUnlessGranted(subscription, verified));
    }

    /** A new token may say less than the one before, or hide more. */
    private void endUnlessGranted(Subscription subscription, User user) {
        String channel = subscription.channel();
        switch (subscription.terms().right()) {
            case USER ->
                endUnlessGranted(
                        subscription,
                        services.channels().decide(user, Wish.SUBSCRIBE, channel, new Standing.Outside()));
            case CLAIM ->
                endUnlessGranted(
                        subscription,
                        user.subscriptions().containsKey(channel)
                                ? services.channels().decideServerSide(user, session.id(), channel)
                                : new Verdict.Denied());
            case TOKEN, SERVER -> {}
        }
    }

    private void endUnlessGranted(Subscription subscription, Verdict verdict) {
        switch (verdict) {
            case Verdict.Granted(var _, var _, var filter) -> beginAnewUnlessSame(subscription, filter);
            case Verdict.Unknown _, Verdict.Denied _, Verdict.NotAvailable _ ->
                subscriptions.end(subscription, UnsubscribeCode.SERVER);
        }
    }

    private void beginAnewUnlessSame(Subscription subscription, @Nullable Filter forced) {
        if (!Objects.equals(forced, subscription.terms().forced())) {
            session.begunAnew(subscription);
        }
    }

    /** A new token for one subscription. */
    void refresh(long request, User user, String channel, String token) {
        inFlight.await(
                services.tokens().verifySubscription(user, channel, token),
                verified -> refreshed(request, channel, verified),
                failure -> answers.subscriptionTokenRefused(request, failure));
    }

    private void refreshed(long request, String channel, SubscriptionToken verified) {
        Subscription subscription = subscriptions.on(channel);
        if (subscription == null || subscription.terms().right() != Right.TOKEN) {
            answers.refuse(request, ErrorCode.BAD_REQUEST, "no subscription by token to " + channel);
            return;
        }
        subscription.refresh(verified.expiresAt());
        answers.reply(request, new Reply.SubRefreshed(session.untilEnd(verified.expiresAt())));
        beginAnewUnlessSame(subscription, verified.filter());
    }
}
