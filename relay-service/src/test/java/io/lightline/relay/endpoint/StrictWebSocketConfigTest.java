package io.lightline.relay.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.relay.TestConfig;
import io.lightline.relay.session.SessionConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictWebSocketConfigTest {

    private static final String KEY = "lightline.session.max-message-size";

    @Test
    void vertxHasTheSameLimitsAndNoExtensions() {
        // given
        var options = new HttpServerOptions();

        // when
        strict("1M").customizeHttpsServer(options);

        // then
        assertThat(options.getMaxWebSocketFrameSize()).isEqualTo(1024 * 1024);
        assertThat(options.getMaxWebSocketMessageSize()).isEqualTo(1024 * 1024);
        assertThat(options.getPerFrameWebSocketCompressionSupported()).isFalse();
        assertThat(options.getPerMessageWebSocketCompressionSupported()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "124", "2G"})
    void aLimitThatCannotBeStopsTheStart(String size) {
        assertThatThrownBy(() -> strict(size))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(KEY);
    }

    private static StrictWebSocket strict(String size) {
        return new StrictWebSocket(
                TestConfig.of(SessionConfig.class, Map.of(KEY, size)), new Violations(new SimpleMeterRegistry()));
    }
}
