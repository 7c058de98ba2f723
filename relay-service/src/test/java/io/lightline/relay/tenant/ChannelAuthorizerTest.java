package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ChannelName;
import io.lightline.backplane.Retention;
import io.lightline.relay.tenant.ChannelAuthorizer.Verdict;
import io.lightline.relay.tenant.ChannelAuthorizer.Wish;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelAuthorizerTest {

    private static final Retention KEEP = new Retention(10, Duration.ofMinutes(1));

    private final ChannelAuthorizer authorizer = new ChannelAuthorizer();
    private final Tenant acme = new Tenant(
            "acme",
            false,
            List.of(
                    new Namespace("chat:", true, true, KEEP),
                    new Namespace("chat:quiet:", true, false, Retention.NONE),
                    new Namespace("/", true, true, KEEP)));

    @Test
    void theLongestPrefixDecides() {
        assertThat(authorizer.decide(acme, Wish.PUBLISH, "chat:room"))
                .isEqualTo(new Verdict.Granted(new ChannelName("acme", "chat:room"), KEEP));
        assertThat(authorizer.decide(acme, Wish.PUBLISH, "chat:quiet:room")).isEqualTo(new Verdict.Denied());
        assertThat(authorizer.decide(acme, Wish.READ_HISTORY, "chat:quiet:room"))
                .isEqualTo(new Verdict.NotAvailable());
        assertThat(authorizer.decide(acme, Wish.SUBSCRIBE, "other")).isEqualTo(new Verdict.Unknown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/event/Order__e", "/data/AccountChangeEvent"})
    void nobodyPublishesToSalesforcesTopicsWhateverThePrefix(String topic) {
        assertThat(authorizer.decide(acme, Wish.PUBLISH, topic)).isEqualTo(new Verdict.Denied());
        assertThat(authorizer.decide(acme, Wish.SUBSCRIBE, topic)).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void theTenantsBackEndMayPublishWhereClientsMayNot() {
        assertThat(authorizer.decideForServer(acme, "chat:quiet:room"))
                .isEqualTo(new Verdict.Granted(new ChannelName("acme", "chat:quiet:room"), Retention.NONE));
        assertThat(authorizer.decideForServer(acme, "other")).isEqualTo(new Verdict.Unknown());
    }
}
