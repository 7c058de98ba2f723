package io.lightline.relay.tenant;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Channels that a {@link Capability} names. Patterns come from a tenant and are tried on the event loops that all tenants share, so
 * they are RE2 expressions: the time that they take grows with the channel's name, whatever they say.
 */
public sealed interface ChannelPattern {

    /** Characters of one pattern. */
    int MAX_LENGTH = 255;

    boolean matches(String channel);

    /** @throws IllegalArgumentException when it is no pattern */
    static ChannelPattern of(Match match, String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a channel pattern has 1 to " + MAX_LENGTH + " characters");
        }
        return switch (match) {
            case EXACT -> new Exact(text);
            case WILDCARD -> new Expression(wildcard(text));
            case REGEX -> new Expression(regex(text));
        };
    }

    private static Pattern wildcard(String text) {
        var expression = new StringBuilder();
        for (String piece : text.splitWithDelimiters("\\*", 0)) {
            expression.append(piece.equals("*") ? ".*" : Pattern.quote(piece));
        }
        return Pattern.compile(expression.toString());
    }

    private static Pattern regex(String text) {
        // Nested counts multiply: (((a{1000}){1000}){1000} would fill the heap when it is compiled.
        if (text.indexOf('{') >= 0) {
            throw new IllegalArgumentException("a channel pattern has no '{'");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("a channel pattern that is no regular expression", e);
        }
    }

    record Exact(String name) implements ChannelPattern {
        @Override
        public boolean matches(String channel) {
            return name.equals(channel);
        }
    }

    record Expression(Pattern pattern) implements ChannelPattern {
        @Override
        public boolean matches(String channel) {
            return pattern.matches(channel);
        }
    }
}
