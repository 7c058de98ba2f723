package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Passwords by lot are new at the first install, and stay. */
class LotTest {

    @Test
    void everyInstallationHasItsOwn() {
        assertThat(password(Chart.with("demo").render()))
                .hasSize(48)
                .isNotEqualTo(password(Chart.with("demo").render()));
    }

    @Test
    void anUpgradeKeepsWhatIsThere() {
        // when
        Rendering upgraded = Rendering.of(Chart.with("demo")
                .text(Map.of(
                        "lightline-valkey", Map.of("password", "the old one"),
                        "lightline-test", Map.of("secret", "of the test"))));

        // then
        assertThat(password(upgraded)).isEqualTo("the old one");
        assertThat(upgraded.the("Secret", "lightline-test")
                        .at("/stringData/secret")
                        .asText())
                .isEqualTo("of the test");
    }

    @Test
    void onesOwnWinsOverTheLot() {
        assertThat(password(Chart.with("extras").render())).isEqualTo("no-secret-but-a-test");
        assertThat(Chart.with("kubernetes-config").render().has("Secret", "lightline-valkey"))
                .isFalse();
    }

    private static String password(Rendering rendering) {
        return rendering
                .the("Secret", "lightline-valkey")
                .at("/stringData/password")
                .asText();
    }
}
