package io.lightline.relay.session;

import io.lightline.backplane.History;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.relay.filter.Fields;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.Notices;
import io.lightline.relay.protocol.Command;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.protocol.Reply;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import io.lightline.relay.tenant.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out {@code history}, {@code presence} and {@code presence_stats}: what is on a channel, and who. On the connection's
 * event loop only; never blocks.
 */
final class ReadCommands {

    private final Session session;
    private final SessionServices services;
    private final Answers answers;

    ReadCommands(Session session, SessionServices services, Answers answers) {
        this.session = session;
        this.services = services;
        this.answers = answers;
    }

    /** As much as fits into one reply: the client asks for the rest. */
    void history(long request, User user, Command.History asked) {
        Verdict verdict = session.decide(user, Wish.READ_HISTORY, asked.channel());
        answers.ifGranted(request, verdict, grant -> {
            var page = HistoryPage.of(services.config());
            int limit = page.limit(asked.limit());
            // What the filter hides does not count: an empty page would look like the end.
            int read = grant.filter() == null || limit == 0 ? limit : page.most();
            var query = page.query(asked.since(), read, asked.reverse());
            answers.replyWithMuch(
                    request,
                    services.backplane().history(grant.channel(), query),
                    history -> historyReply(asked.since(), history, Notices.passing(grant.filter()), limit));
        });
    }

    private static Reply historyReply(@Nullable Position since, History history, @Nullable Filter filter, int limit) {
        if (history.isOfAnotherLifeThan(since)) {
            return new Reply.Failed(ErrorCode.UNRECOVERABLE_POSITION);
        }
        List<Publication> visible = history.publications().stream()
                .filter(publication -> filter == null || filter.matches(new Fields(publication.draft())))
                .limit(limit)
                .toList();
        return new Reply.HistoryRead(history.top(), visible);
    }

    void presence(long request, User user, String channel) {
        answers.ifGranted(
                request,
                session.decide(user, Wish.READ_PRESENCE, channel),
                grant -> answers.replyWithMuch(
                        request,
                        services.backplane()
                                .presence(grant.channel(), services.config().presenceLimit()),
                        Reply.PresenceRead::new));
    }

    void presenceStats(long request, User user, String channel) {
        answers.ifGranted(
                request,
                session.decide(user, Wish.READ_PRESENCE, channel),
                grant -> answers.replyWith(
                        request, services.backplane().presenceStats(grant.channel()), Reply.PresenceCounted::new));
    }
}
