package io.lightline.relay.control;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A pattern of channel names: {@code *} stands for any run of characters, {@code ?} for one, {@code [abc]}, {@code [a-z]} and
 * {@code [!abc]} for one of (or none of) a set, {@code {one,other}} for one of several words, and {@code \} takes away the meaning of
 * what follows. It becomes an RE2 expression, so matching takes time that grows with the name, whatever a tenant writes.
 */
public final class Glob {

    /** Characters of one pattern. */
    private static final int MAX_LENGTH = 255;

    private final Pattern pattern;

    private Glob(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException with what is wrong */
    public static Glob of(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a pattern has 1 to " + MAX_LENGTH + " characters");
        }
        try {
            return new Glob(Pattern.compile(new Translation(text).expression()));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a pattern: " + text, e);
        }
    }

    public boolean matches(String channel) {
        return pattern.matches(channel);
    }

    /** From left to right. */
    private static final class Translation {

        private final String text;
        private final StringBuilder expression = new StringBuilder();
        private int at;
        private int open;

        Translation(String text) {
            this.text = text;
        }

        String expression() {
            while (at < text.length()) {
                next(text.charAt(at++));
            }
            check(open == 0, "{ without }");
            return expression.toString();
        }

        private void next(char character) {
            switch (character) {
                case '*' -> expression.append(".*");
                case '?' -> expression.append('.');
                case '[' -> set();
                case '{' -> {
                    open++;
                    expression.append("(?:");
                }
                case '}' -> {
                    check(--open >= 0, "} without {");
                    expression.append(')');
                }
                case ',' -> expression.append(open > 0 ? "|" : ",");
                case '\\' -> {
                    check(at < text.length(), "\\ at the end");
                    literal(text.charAt(at++));
                }
                default -> literal(character);
            }
        }

        private void set() {
            int end = text.indexOf(']', at + 1);
            check(end > 0, "[ without ]");
            boolean not = text.charAt(at) == '!';
            String members = text.substring(not ? at + 1 : at, end);
            check(!members.isEmpty(), "[] without characters");
            expression.append(not ? "[^" : "[");
            members.chars().forEach(member -> setMember((char) member));
            expression.append(']');
            at = end + 1;
        }

        private void setMember(char member) {
            if (member != '-') {
                expression.append(Character.isLetterOrDigit(member) ? "" : "\\");
            }
            expression.append(member);
        }

        private void literal(char character) {
            expression.append(Pattern.quote(String.valueOf(character)));
        }

        private void check(boolean condition, String problem) {
            if (!condition) {
                throw new IllegalArgumentException("not a pattern: " + text + " has " + problem);
            }
        }
    }
}
