package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.relay.admission.Verdict.Reason;
import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionCheckTest {

    @ParameterizedTest
    @CsvSource({"DRAINING, 503", "CONNECTIONS, 503", "ADDRESS, 429", "RATE, 503"})
    void aRefusalSaysWhetherAndWhenToComeBack(Reason reason, int status) {
        // when
        var refusal = AdmissionCheck.refusal(reason);

        // then
        assertThat(refusal.isUpgradePermitted()).isFalse();
        assertThat(refusal.getHttpResponseCode()).isEqualTo(status);
        assertThat(refusal.getResponseHeaders().get("Retry-After"))
                .singleElement()
                .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 5));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
        "2001:db8:1:2::1, 20010db800010002/64",
        "2001:db8:1:3::1, 20010db800010003/64",
        "::ffff:192.0.2.7, ::ffff:192.0.2.7",
        "a-name, a-name",
    })
    void anAddressIsAnIpv4AddressOrAnIpv6Network(String host, String expected) {
        assertThat(ClientAddress.of(SocketAddress.inetSocketAddress(1234, host)))
                .contains(expected);
    }

    @Test
    void thereMayBeNoAddress() {
        assertThat(ClientAddress.of(null)).isEmpty();
        assertThat(ClientAddress.of(SocketAddress.domainSocketAddress("/run/relay.sock")))
                .isEmpty();
    }
}
