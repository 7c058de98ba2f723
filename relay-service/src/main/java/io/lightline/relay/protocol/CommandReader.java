package io.lightline.relay.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.lightline.backplane.Position;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter;
import io.lightline.relay.filter.InvalidFilterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands from JSON text. Unknown fields are skipped. Stateless; callable from any thread; never blocks. */
final class CommandReader {

    /** What is nested deeper than this is an attack on somebody's stack. */
    static final int MAX_DEPTH = 64;

    private static final int MAX_SHORT_TEXT = 64;

    private static final Set<String> NOT_OFFERED = Set.of("rpc", "send");

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /**
     * Reads every command of a frame.
     *
     * @throws MalformedFrameException when it is not JSON objects on lines; nothing of the frame is to be carried out then
     */
    List<Request> decode(String frame) throws MalformedFrameException {
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
            case "connect" -> new Command.Connect(body.token, Map.copyOf(body.since));
            case "subscribe" ->
                new Command.Subscribe(body.channel, body.token, body.wanted(), body.filter, body.joinLeave);
            case "unsubscribe" -> new Command.Unsubscribe(body.channel);
            case "publish" ->
                body.data == null
                        ? new Command.Malformed("publish: no data")
                        : new Command.Publish(body.channel, body.data);
            case "history" -> new Command.History(body.channel, body.limit, body.from, body.reverse);
            case "presence" -> new Command.Presence(body.channel);
            case "presence_stats" -> new Command.PresenceStats(body.channel);
            case "refresh" -> new Command.Refresh(body.token);
            case "sub_refresh" -> new Command.SubRefresh(body.channel, body.token);
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
        private boolean joinLeave;
        private @Nullable RawJson data;
        private @Nullable Filter filter;
        private @Nullable Position from;
        private final Map<String, Position> since = new HashMap<>();
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
                    case "epoch" -> epoch = shortText(parser);
                    case "offset" -> offset = unsigned(parser);
                    case "limit" -> limit = integer(parser);
                    case "recover" -> recover = flag(parser);
                    case "reverse" -> reverse = flag(parser);
                    case "data" -> data = raw(parser, line);
                    case "since" -> from = object(parser, line).position();
                    case "join_leave" -> joinLeave = flag(parser);
                    case "tf" -> filter = filter(parser, line);
                    case "subs" -> subscriptions(parser, line);
                    default -> parser.skipChildren();
                }
            } catch (WrongTypeException e) {
                problem = field + " " + e.getMessage();
                parser.skipChildren();
            }
        }

        private static Body object(JsonParser parser, String line) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new WrongTypeException("is not an object");
            }
            Body body = read(parser, line);
            if (body.problem != null) {
                throw new WrongTypeException("has a bad field: " + body.problem);
            }
            return body;
        }

        /** The server-side subscriptions that the client wants to recover; it may name others. */
        private void subscriptions(JsonParser parser, String line) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new WrongTypeException("is not an object");
            }
            for (String named = parser.nextFieldName(); named != null; named = parser.nextFieldName()) {
                parser.nextToken();
                subscription(named, parser, line);
            }
        }

        /** To be read to its end even if it is wrong: others follow. */
        private void subscription(String named, JsonParser parser, String line) throws IOException {
            try {
                Position position = object(parser, line).wanted();
                if (position != null) {
                    since.put(named, position);
                }
            } catch (WrongTypeException e) {
                problem = "a subscription " + e.getMessage();
                parser.skipChildren();
            }
        }

        private @Nullable Position wanted() {
            return recover ? position() : null;
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

    /** For what is kept as long as the connection, and never long. */
    private static String shortText(JsonParser parser) throws IOException {
        String text = text(parser);
        if (text.length() > MAX_SHORT_TEXT) {
            throw new WrongTypeException("is longer than " + MAX_SHORT_TEXT + " characters");
        }
        return text;
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

    private static Filter filter(JsonParser parser, String line) throws IOException {
        try {
            return Filter.parse(raw(parser, line));
        } catch (InvalidFilterException e) {
            throw new WrongTypeException("is no filter: " + e.getMessage());
        }
    }

    private static void expect(JsonParser parser, @Nullable JsonToken found, JsonToken wanted, String what)
            throws JsonParseException {
        if (found != wanted) {
            throw new JsonParseException(parser, what + " is expected to be an object");
        }
    }
}
