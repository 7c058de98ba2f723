package io.lightline.relay.session;

import io.lightline.backplane.Draft;
import io.lightline.backplane.PublishOptions;
import io.lightline.backplane.RawJson;
import io.lightline.relay.protocol.Command;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.ChannelRules;
import io.lightline.relay.tenant.User;
import io.lightline.relay.wayback.WayBack;
import io.lightline.relay.wayback.WayBackAnswer;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Carries out {@code publish}, as often as the channel's rules allow: to the channel, or to Salesforce. On the connection's event
 * loop only; never blocks.
 */
final class PublishCommand {

    private final Session session;
    private final SessionServices services;
    private final Subscriptions subscriptions;
    private final InFlight inFlight;
    private final Answers answers;
    private final Map<ChannelRules, RateLimit> rates = new IdentityHashMap<>(1);

    PublishCommand(
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

    void publish(long request, User user, Command.Publish publish) {
        Verdict verdict = session.decide(user, Wish.PUBLISH, publish.channel());
        answers.ifGranted(request, verdict, grant -> {
            if (tooMany(grant.rules())) {
                answers.refuse(request, ErrorCode.TOO_MANY_REQUESTS, "publishing to " + publish.channel());
                return;
            }
            if (grant.rules().salesforcePublish()) {
                publishToSalesforce(request, grant, publish.data());
                return;
            }
            var publisher = session.member(subscriptions.info(publish.channel()));
            var draft = new Draft(publish.data(), publisher.info(), Map.of(), session.now());
            var options = PublishOptions.keeping(grant.rules().retention());
            answers.replyWith(
                    request, services.backplane().publish(grant.channel(), draft, options), _ -> new Reply.Published());
        });
    }

    /** Success means that Salesforce has it: the event comes around as every other one. */
    private void publishToSalesforce(long request, Verdict.Granted grant, RawJson data) {
        inFlight.await(
                new WayBack(services.backplane()).publish(grant.channel(), UUID.randomUUID(), data),
                answer -> {
                    switch (answer) {
                        case WayBackAnswer.Taken _ -> answers.reply(request, new Reply.Published());
                        case WayBackAnswer.Failed(var code, var detail) -> answers.refuse(request, code, detail);
                    }
                },
                failure -> answers.refuse(request, failure));
    }

    private boolean tooMany(ChannelRules rules) {
        return rules.publishRate()
                .map(rate ->
                        rates.computeIfAbsent(rules, _ -> new RateLimit(rate.perSecond(), rate.burst(), session.now())))
                .filter(limit -> limit.take(session.now()) != RateLimit.Answer.TAKE)
                .isPresent();
    }
}
