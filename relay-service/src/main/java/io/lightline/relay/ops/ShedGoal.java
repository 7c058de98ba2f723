package io.lightline.relay.ops;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How many connections are to stay when some are shed. */
sealed interface ShedGoal {

    /** As many as this. */
    record Target(int connections) implements ShedGoal {}

    /** All but this part. */
    record Fraction(double part) implements ShedGoal {}

    /** How many of {@code connections} are to stay. */
    default int keep(int connections) {
        return switch (this) {
            case Target(var target) -> Math.min(target, connections);
            case Fraction(var part) -> connections - (int) Math.round(connections * part);
        };
    }

    /**
     * From the parameters of a request, of which exactly one must be there.
     *
     * @throws IllegalArgumentException that names the bad value
     */
    static ShedGoal parse(@Nullable String target, @Nullable String fraction) {
        if (target != null && fraction != null) {
            throw new IllegalArgumentException("give target or fraction, not both: " + target + ", " + fraction);
        }
        if (target != null) {
            return new Target(Integer.parseInt(checked(
                    target, "\\d{1,9}", "target must be a number of connections, 0 or more, and is " + target)));
        }
        if (fraction != null) {
            return new Fraction(Double.parseDouble(checked(
                    fraction, "0?\\.\\d{1,9}|0|1(\\.0*)?", "fraction must be from 0 to 1, and is " + fraction)));
        }
        throw new IllegalArgumentException("give target, the connections to keep, or fraction, the part to close");
    }

    private static String checked(String value, String pattern, String problem) {
        if (!Pattern.matches(pattern, value)) {
            throw new IllegalArgumentException(problem);
        }
        return value;
    }
}
