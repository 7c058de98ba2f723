package io.lightline.relay.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Member;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Text frames with one or more JSON objects, each on its own line. */
final class JsonCodec implements FrameCodec {

    private final CommandReader commands = new CommandReader();
    private final JsonFactory json = new JsonFactory();

    @Override
    public List<Request> decode(String frame) throws MalformedFrameException {
        return commands.decode(frame);
    }

    @Override
    public ServerFrame encode(long id, Reply reply) {
        return write(out -> {
            out.writeStartObject();
            if (id != 0) {
                out.writeNumberField("id", id);
            }
            body(out, reply);
            out.writeEndObject();
        });
    }

    @Override
    public ServerFrame encode(Push push) {
        return write(out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("push");
            body(out, push);
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    private static void body(JsonGenerator out, Push push) throws IOException {
        switch (push) {
            case Push.Published(var channel, var publication) -> {
                out.writeStringField("channel", channel);
                out.writeFieldName("pub");
                publication(out, publication);
            }
            case Push.Joined(var channel, var info) -> {
                out.writeStringField("channel", channel);
                about(out, "join", info);
            }
            case Push.Left(var channel, var info) -> {
                out.writeStringField("channel", channel);
                about(out, "leave", info);
            }
            case Push.Subscribed(var channel, var subscription) -> {
                out.writeStringField("channel", channel);
                out.writeObjectFieldStart("subscribe");
                subscribed(out, subscription);
                out.writeEndObject();
            }
            case Push.Unsubscribed(var channel, var code) -> {
                out.writeStringField("channel", channel);
                out.writeObjectFieldStart("unsubscribe");
                out.writeNumberField("code", code.code());
                out.writeStringField("reason", code.reason());
                out.writeEndObject();
            }
            case Push.Refreshed(var ttl) -> {
                out.writeObjectFieldStart("refresh");
                expiry(out, Optional.of(ttl));
                out.writeEndObject();
            }
        }
    }

    private static void about(JsonGenerator out, String event, RawJson info) throws IOException {
        out.writeObjectFieldStart(event);
        raw(out, "info", info);
        out.writeEndObject();
    }

    @Override
    public ServerFrame ping() {
        return ServerFrame.text(new byte[] {'{', '}'});
    }

    private static void body(JsonGenerator out, Reply reply) throws IOException {
        switch (reply) {
            case Reply.Connected connected -> {
                out.writeObjectFieldStart("connect");
                out.writeStringField("client", connected.client());
                out.writeStringField("version", connected.version());
                out.writeStringField("node", connected.node());
                expiry(out, connected.ttl());
                out.writeNumberField("ping", connected.ping().toSeconds());
                out.writeBooleanField("pong", true);
                subscriptions(out, connected.subscriptions());
                out.writeEndObject();
            }
            case Reply.Subscribed subscribed -> {
                out.writeObjectFieldStart("subscribe");
                subscribed(out, subscribed);
                out.writeEndObject();
            }
            case Reply.HistoryRead(var top, var publications) -> {
                out.writeObjectFieldStart("history");
                publications(out, publications);
                position(out, top);
                out.writeEndObject();
            }
            case Reply.Refreshed(var client, var version, var ttl) -> {
                out.writeObjectFieldStart("refresh");
                out.writeStringField("client", client);
                out.writeStringField("version", version);
                expiry(out, ttl);
                out.writeEndObject();
            }
            case Reply.SubRefreshed(var ttl) -> {
                out.writeObjectFieldStart("sub_refresh");
                expiry(out, ttl);
                out.writeEndObject();
            }
            case Reply.PresenceRead(var members) -> {
                out.writeObjectFieldStart("presence");
                out.writeObjectFieldStart("presence");
                for (Member member : members) {
                    raw(out, member.client(), member.info());
                }
                out.writeEndObject();
                out.writeEndObject();
            }
            case Reply.PresenceCounted(var stats) -> {
                out.writeObjectFieldStart("presence_stats");
                out.writeNumberField("num_clients", stats.clients());
                out.writeNumberField("num_users", stats.users());
                out.writeEndObject();
            }
            case Reply.Failed(var code, var message) -> {
                out.writeObjectFieldStart("error");
                out.writeNumberField("code", code.code());
                out.writeStringField("message", message);
                if (code.temporary()) {
                    out.writeBooleanField("temporary", true);
                }
                out.writeEndObject();
            }
            case Reply.Unsubscribed _ -> empty(out, "unsubscribe");
            case Reply.Published _ -> empty(out, "publish");
            case Reply.Pong _ -> empty(out, "ping");
        }
    }

    private static void empty(JsonGenerator out, String field) throws IOException {
        out.writeObjectFieldStart(field);
        out.writeEndObject();
    }

    private static void subscriptions(JsonGenerator out, Map<String, Reply.Subscribed> subscriptions)
            throws IOException {
        if (subscriptions.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("subs");
        for (Map.Entry<String, Reply.Subscribed> entry : subscriptions.entrySet()) {
            out.writeObjectFieldStart(entry.getKey());
            subscribed(out, entry.getValue());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void subscribed(JsonGenerator out, Reply.Subscribed subscribed) throws IOException {
        expiry(out, subscribed.ttl());
        Position position = subscribed.position();
        if (position != null) {
            out.writeBooleanField("recoverable", true);
            out.writeBooleanField("positioned", true);
            position(out, position);
        }
        Reply.Recovery recovery = subscribed.recovery();
        if (recovery != null) {
            out.writeBooleanField("was_recovering", true);
            out.writeBooleanField("recovered", recovery == Reply.Recovery.COMPLETE);
        }
        publications(out, subscribed.publications());
        RawJson data = subscribed.data();
        if (data != null) {
            raw(out, "data", data);
        }
    }

    /** In whole seconds, and one at least: 0 would mean that it never ends. */
    private static void expiry(JsonGenerator out, Optional<Duration> ttl) throws IOException {
        if (ttl.isPresent()) {
            out.writeBooleanField("expires", true);
            out.writeNumberField("ttl", Math.max(1, ttl.get().toSeconds()));
        }
    }

    private static void position(JsonGenerator out, Position position) throws IOException {
        out.writeStringField("epoch", position.epoch());
        if (position.offset() > 0) {
            out.writeNumberField("offset", position.offset());
        }
    }

    private static void publications(JsonGenerator out, List<Publication> publications) throws IOException {
        if (publications.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("publications");
        for (Publication publication : publications) {
            publication(out, publication);
        }
        out.writeEndArray();
    }

    private static void publication(JsonGenerator out, Publication publication) throws IOException {
        Draft draft = publication.draft();
        out.writeStartObject();
        raw(out, "data", draft.data());
        if (publication.positioned()) {
            out.writeNumberField("offset", publication.offset());
        }
        RawJson info = draft.info();
        if (info != null) {
            raw(out, "info", info);
        }
        if (!draft.tags().isEmpty()) {
            out.writeObjectFieldStart("tags");
            for (Map.Entry<String, String> tag : draft.tags().entrySet()) {
                out.writeStringField(tag.getKey(), tag.getValue());
            }
            out.writeEndObject();
        }
        out.writeNumberField("time", draft.time().toEpochMilli());
        out.writeEndObject();
    }

    private static void raw(JsonGenerator out, String field, RawJson value) throws IOException {
        out.writeFieldName(field);
        // The generator takes raw text only, we have bytes: let it write the colon, then write past it.
        out.writeRawValue("");
        out.flush();
        ((ByteArrayOutputStream) out.getOutputTarget()).writeBytes(value.utf8());
    }

    private ServerFrame write(Content content) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ServerFrame.text(bytes.toByteArray());
    }

    /** What {@link #write} is to write. */
    private interface Content {
        void writeTo(JsonGenerator out) throws IOException;
    }
}
