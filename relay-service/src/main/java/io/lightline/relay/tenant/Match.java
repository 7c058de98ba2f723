package io.lightline.relay.tenant;

import java.util.Optional;
import java.util.stream.Stream;

/** How a {@link Capability} names channels. Names as in Centrifugo's claim {@code caps}. */
public enum Match {
    /** By their names. */
    EXACT(""),
    /** By names in which {@code *} stands for any run of characters. */
    WILDCARD("wildcard"),
    /** By regular expressions that fit the whole name. */
    REGEX("regex");

    private final String claim;

    Match(String claim) {
        this.claim = claim;
    }

    static Optional<Match> of(String claim) {
        return Stream.of(values()).filter(match -> match.claim.equals(claim)).findFirst();
    }
}
