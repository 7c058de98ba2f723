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
            case WILDCARD -> new Wildcard(text);
            case REGEX -> new Expression(regex(text));
        };
    }

    /**
     * Linear in time is not small in space: nested counts multiply, {@code ((a{999}){999}){999}} would fill the heap, and a class like
     * {@code \pL} has hundreds of ranges. Channels are ASCII and need neither.
     */
    private static Pattern regex(String text) {
        if (text.indexOf('{') >= 0 || text.contains("\\p") || text.contains("\\P")) {
            throw new IllegalArgumentException("a channel pattern has no '{', no \\p and no \\P");
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

    record Wildcard(String text) implements ChannelPattern {

        /** Takes every star for as little as possible, and comes back to the last one only: what earlier ones took is good enough. */
        @Override
        public boolean matches(String channel) {
            int at = 0;
            int star = -1;
            int taken = 0;
            for (int i = 0; i < channel.length(); ) {
                if (at < text.length() && text.charAt(at) == '*') {
                    star = at++;
                    taken = i;
                } else if (at < text.length() && text.charAt(at) == channel.charAt(i)) {
                    at++;
                    i++;
                } else if (star >= 0) {
                    at = star + 1;
                    i = ++taken;
                } else {
                    return false;
                }
            }
            return text.chars().skip(at).allMatch(rest -> rest == '*');
        }
    }

    record Expression(Pattern pattern) implements ChannelPattern {
        @Override
        public boolean matches(String channel) {
            return pattern.matches(channel);
        }
    }
}
