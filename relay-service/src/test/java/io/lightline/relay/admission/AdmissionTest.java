package io.lightline.relay.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.relay.TestConfig;
import io.lightline.relay.admission.Verdict.Admitted;
import io.lightline.relay.admission.Verdict.Reason;
import io.lightline.relay.admission.Verdict.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

    private static final Optional<String> ALICE = Optional.of("192.0.2.1");
    private static final Optional<String> BOB = Optional.of("192.0.2.2");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long now;

    @Test
    void aPodTakesNoMoreThanItsConnections() {
        // given
        var admission = admission(Map.of("max-connections", "2"));
        Slot first = admitted(admission.ask(ALICE));
        admitted(admission.ask(BOB));

        // when
        Verdict third = admission.ask(ALICE);

        // then
        assertThat(third).isEqualTo(new Refused(Reason.CONNECTIONS));
        assertThat(admission.sockets()).isEqualTo(2);

        // and when
        first.release();

        // then
        admitted(admission.ask(ALICE));
        assertThat(admission.ask(ALICE)).isEqualTo(new Refused(Reason.CONNECTIONS));
        assertThat(counted("accepted")).isEqualTo(3);
        assertThat(counted("connections")).isEqualTo(2);
    }

    @Test
    void aSlotCountsOnceHoweverOftenItIsReleased() {
        // given
        var admission = admission(Map.of("max-address-connections", "2"));
        Slot slot = admitted(admission.ask(ALICE));
        admitted(admission.ask(ALICE));

        // when
        slot.release();
        slot.release();

        // then
        assertThat(admission.sockets()).isEqualTo(1);
        admitted(admission.ask(ALICE));
        assertThat(admission.ask(ALICE)).isEqualTo(new Refused(Reason.ADDRESS));
    }

    @Test
    void anAddressTakesNoMoreThanItsOwn() {
        // given
        var admission = admission(Map.of("max-address-connections", "1"));
        Slot slot = admitted(admission.ask(ALICE));

        // then
        assertThat(admission.ask(ALICE)).isEqualTo(new Refused(Reason.ADDRESS));
        admitted(admission.ask(BOB));
        admitted(admission.ask(Optional.empty()));
        admitted(admission.ask(Optional.empty()));

        // and when
        slot.release();

        // then
        admitted(admission.ask(ALICE));
        assertThat(counted("address")).isEqualTo(1);
    }

    @Test
    void aHerdIsLetInAtTheRate() {
        // given
        var admission = admission(Map.of("upgrade-rate", "10", "upgrade-burst", "3", "max-address-connections", "100"));

        // when
        List<Verdict> herd =
                IntStream.range(0, 10).mapToObj(_ -> admission.ask(ALICE)).toList();

        // then
        assertThat(herd).filteredOn(Admitted.class::isInstance).hasSize(3);
        assertThat(herd).last().isEqualTo(new Refused(Reason.RATE));
        assertThat(admission.sockets()).isEqualTo(3);
        assertThat(counted("rate")).isEqualTo(7);

        // and when
        now += Duration.ofMillis(100).toNanos();

        // then
        admitted(admission.ask(ALICE));
        assertThat(admission.ask(ALICE)).isEqualTo(new Refused(Reason.RATE));
    }

    @Test
    void whoIsRefusedForAnotherReasonTakesNothingFromTheRate() {
        // given
        var admission = admission(Map.of("upgrade-rate", "1", "upgrade-burst", "2", "max-address-connections", "1"));
        admitted(admission.ask(ALICE));

        // when
        IntStream.range(0, 10).forEach(_ -> admission.ask(ALICE));

        // then
        admitted(admission.ask(BOB));
    }

    @Test
    void aPodThatDrainsTakesNobody() {
        // given
        var admission = admission(Map.of());
        Slot slot = admitted(admission.ask(ALICE));

        // when
        admission.drain();

        // then
        assertThat(admission.draining()).isTrue();
        assertThat(admission.ask(BOB)).isEqualTo(new Refused(Reason.DRAINING));
        assertThat(admission.sockets()).isEqualTo(1);
        slot.release();
        assertThat(admission.sockets()).isZero();
        assertThat(counted("draining")).isEqualTo(1);
    }

    @Test
    void countsHoldWhenManyComeAndGoAtOnce() {
        // given
        var admission =
                admission(Map.of("max-connections", "50", "max-address-connections", "20", "upgrade-rate", "0"));

        // when
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            if (admission.ask(i % 2 == 0 ? ALICE : BOB) instanceof Admitted(var slot)) {
                slot.release();
            }
        });

        // then
        assertThat(admission.sockets()).isZero();
        IntStream.range(0, 20).forEach(_ -> admitted(admission.ask(ALICE)));
        assertThat(admission.ask(ALICE)).isEqualTo(new Refused(Reason.ADDRESS));
        assertThat(counted("accepted")
                        + counted("draining")
                        + counted("connections")
                        + counted("address")
                        + counted("rate"))
                .isEqualTo(20_021);
    }

    @ParameterizedTest
    @CsvSource({
        "max-connections, -1",
        "max-address-connections, -1",
        "upgrade-rate, -5",
        "upgrade-burst, 0",
    })
    void aLimitThatMakesNoSenseStopsTheStart(String key, String value) {
        assertThatThrownBy(() -> admission(Map.of(key, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lightline.limits." + key)
                .hasMessageContaining(value);
    }

    private Admission admission(Map<String, String> limits) {
        var config = TestConfig.of(
                AdmissionConfig.class,
                limits.entrySet().stream()
                        .collect(Collectors.toMap(limit -> "lightline.limits." + limit.getKey(), Map.Entry::getValue)));
        return new Admission(config, registry, () -> now);
    }

    private static Slot admitted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Admitted.class);
        return ((Admitted) verdict).slot();
    }

    private double counted(String result) {
        return registry.counter("lightline.upgrades", "result", result).count();
    }
}
