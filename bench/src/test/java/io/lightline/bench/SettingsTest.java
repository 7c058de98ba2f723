package io.lightline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void aStackOfMakeRunNeedsNoArguments() {
        Settings settings = Settings.parse();

        assertThat(settings.scenarios()).isEmpty();
        assertThat(settings.subscribers()).isEqualTo(2000);
        assertThat(settings.pod().webSocket()).isEqualTo(URI.create("ws://127.0.0.1:8080/connection/websocket"));
    }

    @Test
    void namesAreScenariosAndPairsAreSettings() {
        Settings settings = Settings.parse("flood", "subscribers=10", "other=http://127.0.0.1:9999");

        assertThat(settings.scenarios()).containsExactly("flood");
        assertThat(settings.subscribers()).isEqualTo(10);
        assertThat(settings.other().address()).isEqualTo(URI.create("http://127.0.0.1:9999"));
    }

    @Test
    void saysWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> Settings.parse("subscriber=10")).hasMessageContaining("subscriber=10");
        assertThatThrownBy(() -> Settings.parse("rate=fast")).hasMessageContaining("rate=fast");
    }
}
