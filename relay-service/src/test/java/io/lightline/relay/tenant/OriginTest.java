package io.lightline.relay.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    private final TenantDirectory tenants = Verifiers.tenants(Map.of(
            "lightline.tenants.acme.allowed-origins",
            "https://acme.lightning.force.com,https://acme--uat.sandbox.lightning.force.com,http://localhost:3000",
            "lightline.tenants.umbrella.allowed-origins",
            "https://umbrella.my.site.com",
            "lightline.tenants.umbrella.allow-no-origin",
            "false"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://acme.lightning.force.com",
                "https://ACME.lightning.force.com",
                "https://acme.lightning.force.com:443",
                "https://acme--uat.sandbox.lightning.force.com",
                "http://localhost:3000"
            })
    void aTenantsPageMayConnect(String origin) {
        assertThat(tenants.tenant("acme").allowsOrigin(Optional.of(origin))).isTrue();
        assertThat(tenants.knowsOrigin(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://acme.lightning.force.com",
                "https://acme.lightning.force.com:8443",
                "https://acme.lightning.force.com.evil.com",
                "https://evil.com/https://acme.lightning.force.com",
                "https://evil.com?https://acme.lightning.force.com",
                "https://evil.com#https://acme.lightning.force.com",
                "https://acme.lightning.force.com@evil.com",
                "https://evilacme.lightning.force.com",
                "https://other.lightning.force.com",
                "https://acme.lightning.force.com/",
                "https://acme.lightning.force.com:",
                "https://acme.lightning.force.com https://evil.com",
                "http://localhost:3001",
                "acme.lightning.force.com",
                "null",
                "*",
                "",
                "https://",
                "file:///acme.lightning.force.com",
                "mailto:acme.lightning.force.com"
            })
    void anyOtherPageMayNot(String origin) {
        assertThat(tenants.tenant("acme").allowsOrigin(Optional.of(origin))).isFalse();
        assertThat(tenants.knowsOrigin(origin)).isFalse();
    }

    @Test
    void oneTenantsPageIsForeignToAnother() {
        // given
        String umbrellas = "https://umbrella.my.site.com";

        // then
        assertThat(tenants.knowsOrigin(umbrellas)).isTrue();
        assertThat(tenants.tenant("acme").allowsOrigin(Optional.of(umbrellas))).isFalse();
    }

    @Test
    void clientsThatAreNoBrowsersHaveNoOrigin() {
        assertThat(tenants.tenant("acme").allowsOrigin(Optional.empty())).isTrue();
        assertThat(tenants.tenant("umbrella").allowsOrigin(Optional.empty())).isFalse();
    }

    @Test
    void withoutOriginsInTheConfigurationNoBrowserGetsIn() {
        // given
        var closed = Verifiers.tenants(Map.of("lightline.tenants.acme.anonymous", "true"));

        // then
        assertThat(closed.knowsOrigin("http://localhost:8080")).isFalse();
    }

    @Test
    void aDemoMayLetEveryPageIn() {
        // given
        var demo = Verifiers.tenants(
                Map.of("lightline.tenants.demo.anonymous", "true", "lightline.tenants.demo.allowed-origins", "*"));

        // then
        assertThat(demo.knowsOrigin("https://anything.example.com")).isTrue();
        assertThat(demo.tenant("demo").allowsOrigin(Optional.of("null"))).isTrue();
    }

    @Test
    void aDemoBesideOtherTenantsOpensNoneOfThem() {
        // given
        var both = Verifiers.tenants(Map.of(
                "lightline.tenants.demo.anonymous", "true",
                "lightline.tenants.demo.allowed-origins", "*",
                "lightline.tenants.acme.allowed-origins", "https://acme.lightning.force.com"));

        // then
        assertThat(both.knowsOrigin("https://anything.example.com")).isTrue();
        assertThat(both.tenant("acme").allowsOrigin(Optional.of("https://anything.example.com")))
                .isFalse();
    }
}
