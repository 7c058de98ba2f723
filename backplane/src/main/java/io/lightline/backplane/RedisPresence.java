package io.lightline.backplane;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Who is on a channel, as keys in Redis: every change is one script, so that the list, its counts and what listeners are told
 * never disagree. Lives on the event loop.
 */
final class RedisPresence {

    private static final Logger LOG = Logger.getLogger(RedisPresence.class);
    /** By one script, which holds up everybody else for about a millisecond. */
    private static final int KEPT_AT_ONCE = 200;

    private final RedisCommands commands;
    private final RedisKeys keys;
    private final long ttl;
    private final SharedReadings<Listing, List<Member>> listings;

    RedisPresence(EventLoop loop, RedisCommands commands, RedisKeys keys, BackplaneConfig config) {
        this.commands = commands;
        this.keys = keys;
        this.ttl = config.presenceTtl().toMillis();
        this.listings = new SharedReadings<>(loop, this::list);
    }

    /** Who is on a channel, but so many at most. */
    private record Listing(ChannelName channel, int limit) {}

    Future<Void> enter(ChannelName channel, Member member, PresenceOptions options) {
        return options.listed()
                ? change(Script.ENTER, channel, options, List.of(member))
                : tell(channel, options, new PresenceEvent.Joined(member));
    }

    Future<Void> leave(ChannelName channel, Member member, PresenceOptions options) {
        return options.listed()
                ? change(Script.LEAVE, channel, options, List.of(member))
                : tell(channel, options, new PresenceEvent.Left(member));
    }

    Future<Void> keep(ChannelName channel, Collection<Member> present, PresenceOptions options) {
        if (!options.listed()) {
            return Future.succeededFuture();
        }
        var members = List.copyOf(present);
        var kept = new ArrayList<Future<Void>>();
        for (int from = 0; from < members.size(); from += KEPT_AT_ONCE) {
            int to = Math.min(from + KEPT_AT_ONCE, members.size());
            kept.add(change(Script.KEEP, channel, options, members.subList(from, to)));
        }
        return Future.join(kept).compose(_ -> stats(channel)).mapEmpty();
    }

    /** @throws TooManyMembersException (as a failure) when more are listed */
    Future<List<Member>> members(ChannelName channel, int limit) {
        return listings.read(new Listing(channel, limit));
    }

    /** Removes those who are silent, some by some, and then lists. */
    private Future<List<Member>> list(Listing listing) {
        ChannelName channel = listing.channel;
        return commands.run(Script.PRESENCE_LIST, keys.presence(channel), List.of(ttl, listing.limit))
                .compose(answer -> answer.get(1).toInteger() > 0
                        ? list(listing)
                        : listed(listing, answer.get(0).toInteger(), answer.get(2)));
    }

    private static Future<List<Member>> listed(Listing listing, int count, Response members) {
        return count > listing.limit
                ? Future.failedFuture(new TooManyMembersException(count, listing.limit))
                : Future.succeededFuture(StreamSupport.stream(members.spliterator(), false)
                        .flatMap(entry -> member(listing.channel, entry).stream())
                        .toList());
    }

    /** Removes those who are silent, some by some, and then counts. */
    Future<PresenceStats> stats(ChannelName channel) {
        return commands.run(Script.PRESENCE_STATS, keys.presence(channel), List.of(ttl))
                .compose(answer -> answer.get(2).toInteger() > 0
                        ? stats(channel)
                        : Future.succeededFuture(new PresenceStats(
                                answer.get(0).toInteger(), answer.get(1).toInteger())));
    }

    private Future<Void> change(Script script, ChannelName channel, PresenceOptions options, List<Member> members) {
        var arguments = new ArrayList<Object>(2 + 2 * members.size());
        arguments.add(ttl);
        arguments.add(options.announced() ? 1 : 0);
        for (Member member : members) {
            arguments.add(member.client());
            arguments.add(MemberFormat.encode(member));
        }
        return commands.run(script, keys.presence(channel), arguments).mapEmpty();
    }

    private Future<Void> tell(ChannelName channel, PresenceOptions options, PresenceEvent event) {
        return options.announced()
                ? commands.send(Command.PUBLISH, keys.publications(channel), LiveMessage.of(event))
                        .mapEmpty()
                : Future.succeededFuture();
    }

    /** Without the flag in front, which only the scripts need. A pod that is newer may list what this one cannot read. */
    private static Optional<Member> member(ChannelName channel, Response entry) {
        Buffer bytes = entry.toBuffer();
        try {
            return Optional.of(MemberFormat.decode(bytes.slice(1, bytes.length())));
        } catch (RuntimeException unreadable) {
            LOG.warnf("A member cannot be read channel=%s reason=%s", channel, unreadable.getMessage());
            return Optional.empty();
        }
    }
}
