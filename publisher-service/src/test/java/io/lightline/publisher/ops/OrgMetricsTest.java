package io.lightline.publisher.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.salesforce.Endpoint;
import io.lightline.salesforce.OrgSettings;
import io.lightline.salesforce.SalesforceOrg;
import io.lightline.salesforce.auth.Credentials.FixedToken;
import io.lightline.salesforce.auth.Token;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrgMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OrgMetrics metrics = new OrgMetrics(meters);
    private final SalesforceOrg before = org();
    private final SalesforceOrg after = org();

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    @Test
    void anOrgThatIsClosedTakesItsMetricsAlong() {
        // given
        metrics.opened("acme", before);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "lightline.salesforce.deliveries.allowed", "lightline.salesforce.deliveries.remaining");

        // when
        metrics.closed("acme", before);

        // then
        assertThat(names()).isEmpty();
    }

    @Test
    void anOrgWithNewSettingsKeepsItsMetricsWhenTheOldOneIsClosed() {
        // given
        metrics.opened("acme", before);
        metrics.opened("acme", after);

        // when
        metrics.closed("acme", before);

        // then
        assertThat(names()).hasSize(2);
        metrics.closed("acme", after);
        assertThat(names()).isEmpty();
    }

    @Test
    void whatIsNotKnownIsNoNumber() {
        // given
        metrics.opened("acme", before);

        // when, then: nobody listens there
        assertThat(meters.get("lightline.salesforce.deliveries.remaining")
                        .gauge()
                        .value())
                .isNaN();
    }

    private Iterable<String> names() {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .toList();
    }

    private static SalesforceOrg org() {
        var token = new Token("t", URI.create("http://127.0.0.1:1"), "00D000000000001EAA");
        return SalesforceOrg.open(new OrgSettings(
                new FixedToken(token),
                Duration.ofMinutes(30),
                new Endpoint("127.0.0.1", 1, true, Optional.empty()),
                1 << 20));
    }
}
