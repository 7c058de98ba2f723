package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.Revocation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevokedTokensTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final Map<String, String> config =
            Map.of("lightline.tenants.acme.anonymous", "false", "lightline.tenants.umbrella.anonymous", "false");
    private final TenantDirectory tenants = Verifiers.tenants(config);
    private Instant now = NOON;
    private final RevokedTokens revoked = new RevokedTokens(() -> now);

    @Test
    void countsTokensUpToTheMomentOfTheRevocation() {
        // when
        revoked.add(new Revocation("acme", "alice", NOON, NOON.plusSeconds(600)));

        // then
        assertThat(revoked.revoked(user("acme", "alice", NOON.minusSeconds(1)))).isTrue();
        assertThat(revoked.revoked(user("acme", "alice", NOON))).isTrue();
        assertThat(revoked.revoked(user("acme", "alice", NOON.plusSeconds(1)))).isFalse();
        assertThat(revoked.revoked(user("acme", "alice", null))).isTrue();
    }

    @Test
    void isOfOneUserOfOneTenant() {
        // when
        revoked.add(new Revocation("acme", "alice", NOON, NOON.plusSeconds(600)));

        // then
        assertThat(revoked.revoked(user("acme", "bob", null))).isFalse();
        assertThat(revoked.revoked(user("umbrella", "alice", null))).isFalse();
    }

    @Test
    void theLatestOfSeveralCounts() {
        // when
        revoked.add(new Revocation("acme", "alice", NOON, NOON.plusSeconds(600)));
        revoked.addAll(List.of(new Revocation("acme", "alice", NOON.minusSeconds(60), NOON.plusSeconds(900))));
        now = NOON.plusSeconds(700);

        // then
        assertThat(revoked.revoked(user("acme", "alice", NOON))).isTrue();
    }

    @Test
    void isOverAfterItsTime() {
        // given
        revoked.addAll(List.of(new Revocation("acme", "alice", NOON, NOON.plusSeconds(600))));

        // when
        now = NOON.plusSeconds(600);

        // then
        assertThat(revoked.revoked(user("acme", "alice", null))).isFalse();
        // And what is over does not come back with the next one.
        revoked.add(new Revocation("acme", "alice", NOON.minusSeconds(60), now.plusSeconds(60)));
        assertThat(revoked.revoked(user("acme", "alice", NOON))).isFalse();
    }

    private User user(String tenant, String id, @Nullable Instant issuedAt) {
        return new User(tenants.tenant(tenant), id, null, null, issuedAt, Map.of(), List.of());
    }
}
