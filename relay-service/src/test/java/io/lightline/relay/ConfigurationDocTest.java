package io.lightline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.ConfigurationDoc;
import io.lightline.relay.admission.AdmissionConfig;
import io.lightline.relay.hub.HubConfig;
import io.lightline.relay.ops.DrainConfig;
import io.lightline.relay.ops.RelayConfig;
import io.lightline.relay.session.SessionConfig;
import io.lightline.relay.tenant.TenantsConfig;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {

    @Test
    void everyKeyOfTheRelayIsListedWithItsDefault() throws IOException {
        assertThat(ConfigurationDoc.documented("Relay"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                RelayConfig.class,
                                AdmissionConfig.class,
                                DrainConfig.class,
                                SessionConfig.class,
                                HubConfig.class,
                                BackplaneConfig.class,
                                TenantsConfig.class)
                        .flatMap(ConfigurationDoc::rows)
                        .toList());
    }
}
