package io.lightline.relay.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import io.lightline.client.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Protobuf's messages from our replies and pushes. Stateless; callable from any thread; never blocks. */
final class WireWriter {

    private WireWriter() {}

    static Wire.Reply reply(long id, Reply reply) {
        Wire.Reply.Builder wire = Wire.Reply.newBuilder().setId((int) id);
        switch (reply) {
            case Reply.Connected connected -> wire.setConnect(connected(connected));
            case Reply.Subscribed subscribed -> wire.setSubscribe(subscribed(subscribed));
            case Reply.Unsubscribed _ -> wire.setUnsubscribe(Wire.UnsubscribeResult.getDefaultInstance());
            case Reply.Published _ -> wire.setPublish(Wire.PublishResult.getDefaultInstance());
            case Reply.HistoryRead read -> wire.setHistory(history(read));
            case Reply.PresenceRead(var members) -> wire.setPresence(presence(members));
            case Reply.PresenceCounted(var stats) ->
                wire.setPresenceStats(Wire.PresenceStatsResult.newBuilder()
                        .setNumClients(stats.clients())
                        .setNumUsers(stats.users()));
            case Reply.Refreshed refreshed -> wire.setRefresh(refreshed(refreshed));
            case Reply.SubRefreshed(var ttl) ->
                wire.setSubRefresh(Wire.SubRefreshResult.newBuilder()
                        .setExpires(ttl.isPresent())
                        .setTtl(seconds(ttl)));
            case Reply.Pong _ -> wire.setPing(Wire.PingResult.getDefaultInstance());
            case Reply.Failed(var code, var message) ->
                wire.setError(Wire.Error.newBuilder()
                        .setCode(code.code())
                        .setMessage(message)
                        .setTemporary(code.temporary()));
        }
        return wire.build();
    }

    static Wire.Reply push(Push push) {
        Wire.Push.Builder wire = Wire.Push.newBuilder();
        switch (push) {
            case Push.Published(var channel, var publication) ->
                wire.setChannel(channel).setPub(publication(publication));
            case Push.Joined(var channel, var info) ->
                wire.setChannel(channel).setJoin(Wire.Join.newBuilder().setInfo(info(info)));
            case Push.Left(var channel, var info) ->
                wire.setChannel(channel).setLeave(Wire.Leave.newBuilder().setInfo(info(info)));
            case Push.Subscribed(var channel, var subscription) ->
                wire.setChannel(channel).setSubscribe(subscribe(subscription));
            case Push.Unsubscribed(var channel, var code) ->
                wire.setChannel(channel)
                        .setUnsubscribe(Wire.Unsubscribe.newBuilder()
                                .setCode(code.code())
                                .setReason(code.reason()));
            case Push.Refreshed(var ttl) ->
                wire.setRefresh(Wire.Refresh.newBuilder().setExpires(true).setTtl(seconds(Optional.of(ttl))));
        }
        return Wire.Reply.newBuilder().setPush(wire).build();
    }

    private static Wire.Subscribe.Builder subscribe(Reply.Subscribed subscription) {
        Wire.Subscribe.Builder wire = Wire.Subscribe.newBuilder();
        Position position = subscription.position();
        if (position != null) {
            wire.setRecoverable(true)
                    .setPositioned(true)
                    .setEpoch(position.epoch())
                    .setOffset(position.offset());
        }
        RawJson data = subscription.data();
        if (data != null) {
            wire.setData(bytes(data));
        }
        return wire;
    }

    private static Wire.ConnectResult.Builder connected(Reply.Connected connected) {
        Wire.ConnectResult.Builder wire = Wire.ConnectResult.newBuilder()
                .setClient(connected.client())
                .setVersion(connected.version())
                .setNode(connected.node())
                .setExpires(connected.ttl().isPresent())
                .setTtl(seconds(connected.ttl()))
                .setPing((int) connected.ping().toSeconds())
                .setPong(true);
        connected.subscriptions().forEach((channel, subscription) -> wire.putSubs(channel, subscribed(subscription)));
        return wire;
    }

    private static Wire.SubscribeResult subscribed(Reply.Subscribed subscribed) {
        Wire.SubscribeResult.Builder wire = Wire.SubscribeResult.newBuilder()
                .setExpires(subscribed.ttl().isPresent())
                .setTtl(seconds(subscribed.ttl()))
                .setWasRecovering(subscribed.recovery() != null)
                .setRecovered(subscribed.recovery() == Reply.Recovery.COMPLETE)
                .addAllPublications(publications(subscribed.publications()));
        Position position = subscribed.position();
        if (position != null) {
            wire.setRecoverable(true)
                    .setPositioned(true)
                    .setEpoch(position.epoch())
                    .setOffset(position.offset());
        }
        RawJson data = subscribed.data();
        if (data != null) {
            wire.setData(bytes(data));
        }
        return wire.build();
    }

    private static Wire.HistoryResult.Builder history(Reply.HistoryRead read) {
        return Wire.HistoryResult.newBuilder()
                .addAllPublications(publications(read.publications()))
                .setEpoch(read.top().epoch())
                .setOffset(read.top().offset());
    }

    private static Wire.PresenceResult.Builder presence(List<Member> members) {
        Wire.PresenceResult.Builder wire = Wire.PresenceResult.newBuilder();
        members.forEach(member -> wire.putPresence(member.client(), info(member.info())));
        return wire;
    }

    private static Wire.RefreshResult.Builder refreshed(Reply.Refreshed refreshed) {
        return Wire.RefreshResult.newBuilder()
                .setClient(refreshed.client())
                .setVersion(refreshed.version())
                .setExpires(refreshed.ttl().isPresent())
                .setTtl(seconds(refreshed.ttl()));
    }

    /** One at least: 0 would mean that it never ends, and stands for that here. */
    private static int seconds(Optional<Duration> ttl) {
        return ttl.map(left -> Math.clamp(left.toSeconds(), 1, Integer.MAX_VALUE))
                .orElse(0);
    }

    private static List<Wire.Publication> publications(List<Publication> publications) {
        return publications.stream().map(WireWriter::publication).toList();
    }

    private static Wire.Publication publication(Publication publication) {
        Draft draft = publication.draft();
        Wire.Publication.Builder wire = Wire.Publication.newBuilder()
                .setData(bytes(draft.data()))
                .setOffset(publication.offset())
                .putAllTags(draft.tags())
                .setTime(draft.time().toEpochMilli());
        RawJson info = draft.info();
        if (info != null) {
            wire.setInfo(info(info));
        }
        return wire.build();
    }

    private static Wire.ClientInfo info(RawJson json) {
        Wire.ClientInfo.Builder wire = Wire.ClientInfo.newBuilder();
        ClientInfo info = ClientInfo.read(json);
        if (info == null) {
            return wire.build();
        }
        wire.setUser(info.user()).setClient(info.client());
        RawJson connection = info.connection();
        if (connection != null) {
            wire.setConnInfo(bytes(connection));
        }
        RawJson channel = info.channel();
        if (channel != null) {
            wire.setChanInfo(bytes(channel));
        }
        return wire.build();
    }

    /** Shared, not copied. */
    private static ByteString bytes(RawJson json) {
        return UnsafeByteOperations.unsafeWrap(json.utf8());
    }
}
