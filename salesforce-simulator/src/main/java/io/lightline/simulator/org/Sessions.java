package io.lightline.simulator.org;

import io.lightline.simulator.event.SalesforceId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The access tokens of an org: some fixed, the others issued. An issued one ends after a time without use, by revocation,
 * or when all are expired at once. Thread-safe.
 */
public final class Sessions {

    private static final int RANDOM_BYTES = 72;

    private final SalesforceId org;
    private final Clock clock;
    private final Duration timeout;
    private final Map<String, User> fixed;
    private final Map<String, Issued> issued = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    Sessions(SalesforceId org, Clock clock, Duration timeout, Map<String, User> fixed) {
        this.org = org;
        this.clock = clock;
        this.timeout = timeout;
        this.fixed = Map.copyOf(fixed);
    }

    private record Issued(User user, Instant lastUse) {}

    /** A new token. It begins with the org's short id, as Salesforce's do. */
    public String issue(User user) {
        var secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        var token =
                org.shortForm() + '!' + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        issued.values().removeIf(this::timedOut);
        issued.put(token, new Issued(user, clock.instant()));
        return token;
    }

    /** Whose token it is, and if it is still valid; a use prolongs it. */
    public Optional<User> use(String token) {
        return Optional.ofNullable(fixed.get(token))
                .or(() -> Optional.ofNullable(issued.computeIfPresent(token, this::prolong))
                        .map(Issued::user));
    }

    /** Ends a token; false when it was none. A fixed token cannot be ended. */
    public boolean revoke(String token) {
        return issued.remove(token) != null;
    }

    /** Ends every issued token. Open streams go on, as with Salesforce. */
    public void expireAll() {
        issued.clear();
    }

    private @Nullable Issued prolong(String token, Issued session) {
        return timedOut(session) ? null : new Issued(session.user(), clock.instant());
    }

    private boolean timedOut(Issued session) {
        return session.lastUse().plus(timeout).isBefore(clock.instant());
    }
}
