package io.lightline.simulator.rest;

import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose request it is, by its header. */
@ApplicationScoped
class Tokens {

    private static final String BEARER = "Bearer ";

    private final Orgs orgs;

    Tokens(Orgs orgs) {
        this.orgs = orgs;
    }

    /** @throws RestException without a valid token */
    Session session(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(header -> header.startsWith(BEARER))
                .flatMap(header -> orgs.session(header.substring(BEARER.length())))
                .orElseThrow(RestException::invalidSession);
    }
}
