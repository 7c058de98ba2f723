package io.lightline.simulator.fault;

import java.util.Optional;

/**
 * When a fault strikes: after so many of the things that it counts, once or several times. {@code topic} narrows what is
 * counted; {@code spread} adds a random number up to it, anew for each strike and by {@code seed} the same in each run.
 *
 * @param times how often it strikes; 0 is without end
 */
public record Trigger(Point point, Optional<String> topic, int after, int spread, long seed, int times) {

    public Trigger {
        if (after < 0 || spread < 0 || times < 0) {
            throw new IllegalArgumentException("No negative numbers in a fault");
        }
    }

    /** Where a fault strikes, which is what it counts. */
    public sealed interface Point {}

    /** In an open stream, after it has sent so many events. */
    public record Events() implements Point {}

    /** In an open stream, after it has sent so many responses, keepalives among them. */
    public record Responses() implements Point {}

    /** At the beginning of a call, after so many others were let through. */
    public record Calls(Call call) implements Point {}

    boolean concerns(String name) {
        return topic.isEmpty() || topic.get().equals(name);
    }
}
