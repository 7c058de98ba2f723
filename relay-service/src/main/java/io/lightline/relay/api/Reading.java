package io.lightline.relay.api;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.History;
import io.lightline.backplane.NodeInfo;
import io.lightline.backplane.Position;
import io.lightline.backplane.TooManyMembersException;
import io.lightline.relay.api.ReadingBodies.ChannelInfo;
import io.lightline.relay.api.ReadingBodies.ChannelsListed;
import io.lightline.relay.api.ReadingBodies.HistoryRead;
import io.lightline.relay.api.ReadingBodies.ListChannels;
import io.lightline.relay.api.ReadingBodies.ListNodes;
import io.lightline.relay.api.ReadingBodies.Node;
import io.lightline.relay.api.ReadingBodies.NodesListed;
import io.lightline.relay.api.ReadingBodies.OfChannel;
import io.lightline.relay.api.ReadingBodies.PresenceCounted;
import io.lightline.relay.api.ReadingBodies.PresenceRead;
import io.lightline.relay.api.ReadingBodies.ReadHistory;
import io.lightline.relay.api.UserBodies.Done;
import io.lightline.relay.control.ControlMessage.Answer;
import io.lightline.relay.control.ControlMessage.AskChannels;
import io.lightline.relay.control.ControlMessage.AskUsage;
import io.lightline.relay.control.ControlMessage.Asker;
import io.lightline.relay.control.ControlMessage.Channels;
import io.lightline.relay.control.ControlMessage.Question;
import io.lightline.relay.control.ControlMessage.Usage;
import io.lightline.relay.control.Glob;
import io.lightline.relay.control.Survey;
import io.lightline.relay.control.Survey.Findings;
import io.lightline.relay.control.Survey.TooManyQuestionsException;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.session.HistoryPage;
import io.lightline.relay.session.SessionConfig;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.Tenant;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The methods about what there is: on a channel, and on which pods. Nothing blocks; a refusal is an {@link ApiException}. */
@Singleton
final class Reading {

    private static final String ANY_CHANNEL = "*";

    private final Backplane backplane;
    private final ApiChannels channels;
    private final Survey survey;
    private final SessionConfig config;

    Reading(Backplane backplane, ApiChannels channels, Survey survey, SessionConfig config) {
        this.backplane = backplane;
        this.channels = channels;
        this.survey = survey;
        this.config = config;
    }

    Uni<HistoryRead> history(Tenant tenant, ReadHistory request) {
        Verdict.Granted granted = channels.withHistory(tenant, request.channel());
        Position since = ApiChannels.position(request.since(), "since");
        var query = HistoryPage.of(config).query(since, request.limit(), request.reverse());
        return backplane
                .history(granted.channel(), query)
                .invoke(history -> checkEpoch(since, history))
                .map(HistoryRead::of);
    }

    private static void checkEpoch(@Nullable Position since, History history) {
        if (history.isOfAnotherLifeThan(since)) {
            throw new ApiException(ErrorCode.UNRECOVERABLE_POSITION, "");
        }
    }

    Uni<Done> removeHistory(Tenant tenant, OfChannel request) {
        Verdict.Granted granted = channels.withHistory(tenant, request.channel());
        return backplane.removeHistory(granted.channel()).replaceWith(Done::new);
    }

    Uni<PresenceRead> presence(Tenant tenant, OfChannel request) {
        Verdict.Granted granted = channels.withPresence(tenant, request.channel());
        return backplane
                .presence(granted.channel(), config.presenceLimit())
                .onFailure(TooManyMembersException.class)
                .transform(tooMany -> new ApiException(ErrorCode.LIMIT_EXCEEDED, String.valueOf(tooMany.getMessage())))
                .map(PresenceRead::of);
    }

    Uni<PresenceCounted> presenceStats(Tenant tenant, OfChannel request) {
        Verdict.Granted granted = channels.withPresence(tenant, request.channel());
        return backplane.presenceStats(granted.channel()).map(PresenceCounted::of);
    }

    Uni<ChannelsListed> channels(Tenant tenant, ListChannels request) {
        String pattern = Optional.ofNullable(request.pattern()).orElse(ANY_CHANNEL);
        check(pattern);
        return ask(asker -> new AskChannels(asker, tenant.id(), pattern), Channels.class)
                .map(Reading::sum);
    }

    private static void check(String pattern) {
        try {
            var _ = Glob.of(pattern);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static ChannelsListed sum(Findings<Channels> findings) {
        var clients = new TreeMap<String, Integer>();
        findings.answers()
                .values()
                .forEach(one -> one.clients().forEach((channel, count) -> clients.merge(channel, count, Integer::sum)));
        if (clients.size() > Survey.MAX_CHANNELS) {
            throw new ApiException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "more than " + Survey.MAX_CHANNELS + " channels: name fewer by a pattern");
        }
        var listed = new TreeMap<String, ChannelInfo>();
        clients.forEach((channel, count) -> listed.put(channel, new ChannelInfo(count)));
        return new ChannelsListed(listed, findings.silent());
    }

    Uni<NodesListed> info(Tenant tenant, ListNodes request) {
        return ask(asker -> new AskUsage(asker, tenant.id()), Usage.class).map(Reading::nodes);
    }

    private static NodesListed nodes(Findings<Usage> findings) {
        Map<String, Usage> answers = findings.answers();
        return new NodesListed(findings.nodes().stream()
                .sorted(Comparator.comparing(NodeInfo::name))
                .map(node -> Node.of(node, answers.get(node.id())))
                .toList());
    }

    private <A extends Answer> Uni<Findings<A>> ask(Function<Asker, Question> question, Class<A> kind) {
        return survey.ask(question, kind)
                .onFailure(TooManyQuestionsException.class)
                .transform(busy -> new ApiException(ErrorCode.TOO_MANY_REQUESTS, String.valueOf(busy.getMessage())));
    }
}
