package io.lightline.relay.tenant;

import java.util.Optional;
import java.util.stream.Stream;

/** What a {@link Capability} allows. Names as in Centrifugo's claim {@code caps}. */
public enum Permission {
    SUBSCRIBE("sub"),
    PUBLISH("pub"),
    PRESENCE("prs"),
    HISTORY("hst");

    private final String claim;

    Permission(String claim) {
        this.claim = claim;
    }

    static Optional<Permission> of(String claim) {
        return Stream.of(values())
                .filter(permission -> permission.claim.equals(claim))
                .findFirst();
    }
}
