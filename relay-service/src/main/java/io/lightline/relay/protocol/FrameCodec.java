package io.lightline.relay.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.lightline.backplane.Draft;
import io.lightline.backplane.Position;
import io.lightline.backplane.Publication;
import io.lightline.backplane.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commands from text and text from replies and pushes: newline-delimited JSON, as the Centrifugo client protocol v2 has it.
 * Unknown fields are skipped, zero and false ones left out. Stateless; callable from any thread; never blocks.
 */
public final class FrameCodec {

    /** Deeper JSON than this is an attack on somebody's stack. */
    private static final int MAX_DEPTH = 64;

    private static final Set<String> NOT_OFFERED = Set.of("presence", "presence_stats", "sub_refresh", "rpc", "send");

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /**
     * Reads every command of a frame.
     *
     * @throws MalformedFrameException when it is not JSON objects on lines; nothing of the frame is to be carried out then
     */
    public List<Request> decode(String frame) throws MalformedFrameException {
        var requests = new ArrayList<Request>(1);
        for (int start = 0; start < frame.length(); ) {
            int end = frame.indexOf('\n', start);
            end = end < 0 ? frame.length() : end;
            if (end > start) {
                requests.add(decodeLine(frame.substring(start, end)));
            }
            start = end + 1;
        }
        return requests;
    }

    private Request decodeLine(String line) throws MalformedFrameException {
        try (JsonParser parser = json.createParser(line)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "a command");
            Request request = request(parser, line);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "more than one JSON value on a line");
            }
            return request;
        } catch (JsonProcessingException e) {
            // The original message names the place and the offending character, not the text around it.
            throw new MalformedFrameException(e.getOriginalMessage(), e);
        } catch (WrongTypeException e) {
            throw new MalformedFrameException("id " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request request(JsonParser parser, String line) throws IOException {
        long id = 0;
        Command command = null;
        boolean empty = true;
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            empty = false;
            parser.nextToken();
            if (field.equals("id")) {
                id = unsigned(parser);
            } else if (command == null) {
                command = command(field, parser, line);
            } else {
                parser.skipChildren();
            }
        }
        if (empty) {
            return new Request(0, new Command.Pong());
        }
        return new Request(id, command == null ? new Command.Malformed("no method") : command);
    }

    private static Command command(String method, JsonParser parser, String line) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return new Command.Malformed(method + " is not an object");
        }
        Body body = Body.read(parser, line);
        if (body.problem != null) {
            return new Command.Malformed(method + ": " + body.problem);
        }
        return switch (method) {
            case "connect" -> new Command.Connect(body.token);
            case "subscribe" -> new Command.Subscribe(body.channel, body.recover ? body.position() : null);
            case "unsubscribe" -> new Command.Unsubscribe(body.channel);
            case "publish" ->
                body.data == null
                        ? new Command.Malformed("publish: no data")
                        : new Command.Publish(body.channel, body.data);
            case "history" -> new Command.History(body.channel, body.limit, body.since, body.reverse);
            case "refresh" -> new Command.Refresh(body.token);
            case "ping" -> new Command.Ping();
            default -> NOT_OFFERED.contains(method) ? new Command.Unsupported(method) : new Command.Unknown(method);
        };
    }

    /** The fields of all requests together: their names do not clash, and the protocol ignores what it does not know. */
    private static final class Body {

        private String token = "";
        private String channel = "";
        private String epoch = "";
        private long offset;
        private int limit;
        private boolean recover;
        private boolean reverse;
        private @Nullable RawJson data;
        private @Nullable Position since;
        private @Nullable String problem;

        static Body read(JsonParser parser, String line) throws IOException {
            var body = new Body();
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                // protobuf's JSON: null is the same as absent.
                if (value != JsonToken.VALUE_NULL || field.equals("data")) {
                    body.set(field, parser, line);
                }
            }
            return body;
        }

        private void set(String field, JsonParser parser, String line) throws IOException {
            try {
                switch (field) {
                    case "token" -> token = text(parser);
                    case "channel" -> channel = text(parser);
                    case "epoch" -> epoch = text(parser);
                    case "offset" -> offset = unsigned(parser);
                    case "limit" -> limit = integer(parser);
                    case "recover" -> recover = flag(parser);
                    case "reverse" -> reverse = flag(parser);
                    case "data" -> data = raw(parser, line);
                    case "since" -> since = since(parser, line);
                    default -> parser.skipChildren();
                }
            } catch (WrongTypeException e) {
                problem = field + " " + e.getMessage();
                parser.skipChildren();
            }
        }

        private static Position since(JsonParser parser, String line) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new WrongTypeException("is not an object");
            }
            return read(parser, line).position();
        }

        Position position() {
            return new Position(offset, epoch);
        }
    }

    private static final class WrongTypeException extends IllegalArgumentException {
        WrongTypeException(String message) {
            super(message);
        }
    }

    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new WrongTypeException("is not a string");
        }
        return parser.getText();
    }

    private static boolean flag(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> throw new WrongTypeException("is not true or false");
        };
    }

    private static long unsigned(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new WrongTypeException("is not a whole number");
        }
        long number = parser.getLongValue();
        if (number < 0) {
            throw new WrongTypeException("is negative");
        }
        return number;
    }

    private static int integer(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new WrongTypeException("is not a whole number");
        }
        return parser.getIntValue();
    }

    /** The value's own characters: it has been tokenised on the way, so it is well-formed. */
    private static RawJson raw(JsonParser parser, String line) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return RawJson.of(line.substring(start, (int) parser.currentLocation().getCharOffset()));
    }

    private static void expect(JsonParser parser, @Nullable JsonToken found, JsonToken wanted, String what)
            throws JsonParseException {
        if (found != wanted) {
            throw new JsonParseException(parser, what + " is expected to be an object");
        }
    }

    /** {@code id} must be the request's. */
    public byte[] encode(long id, Reply reply) {
        return write(out -> {
            out.writeStartObject();
            if (id != 0) {
                out.writeNumberField("id", id);
            }
            body(out, reply);
            out.writeEndObject();
        });
    }

    public byte[] encode(Push push) {
        return write(out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("push");
            out.writeStringField("channel", push.channel());
            switch (push) {
                case Push.Published(var _, var publication) -> {
                    out.writeFieldName("pub");
                    publication(out, publication);
                }
                case Push.Unsubscribed(var _, var code) -> {
                    out.writeObjectFieldStart("unsubscribe");
                    out.writeNumberField("code", code.code());
                    out.writeStringField("reason", code.reason());
                    out.writeEndObject();
                }
            }
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    /**
     * What others see of a client that published.
     *
     * @param info from its token; null when that says nothing
     */
    public RawJson clientInfo(String user, String client, @Nullable RawJson info) {
        return RawJson.of(write(out -> {
            out.writeStartObject();
            out.writeStringField("user", user);
            out.writeStringField("client", client);
            if (info != null) {
                raw(out, "conn_info", info);
            }
            out.writeEndObject();
        }));
    }

    /** What the server says to see whether the client is still there. */
    public byte[] ping() {
        return new byte[] {'{', '}'};
    }

    private static void body(JsonGenerator out, Reply reply) throws IOException {
        switch (reply) {
            case Reply.Connected connected -> {
                out.writeObjectFieldStart("connect");
                out.writeStringField("client", connected.client());
                out.writeStringField("version", connected.version());
                out.writeStringField("node", connected.node());
                expiry(out, connected.ttl().map(ttl -> ttl.toSeconds()).orElse(0L));
                out.writeNumberField("ping", connected.ping().toSeconds());
                out.writeBooleanField("pong", true);
                out.writeEndObject();
            }
            case Reply.Subscribed(var position, var recovery) -> {
                out.writeObjectFieldStart("subscribe");
                if (position != null) {
                    out.writeBooleanField("recoverable", true);
                    out.writeBooleanField("positioned", true);
                    position(out, position);
                }
                if (recovery != null) {
                    out.writeBooleanField("was_recovering", true);
                    out.writeBooleanField("recovered", recovery.complete());
                    publications(out, recovery.publications());
                }
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
                expiry(out, ttl.map(time -> time.toSeconds()).orElse(0L));
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

    private static void expiry(JsonGenerator out, long seconds) throws IOException {
        if (seconds > 0) {
            out.writeBooleanField("expires", true);
            out.writeNumberField("ttl", seconds);
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

    private byte[] write(Content content) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #write} is to write. */
    private interface Content {
        void writeTo(JsonGenerator out) throws IOException;
    }
}
