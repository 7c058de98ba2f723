package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ReplayIdTest {

    @Test
    void theWireFormHasTenBytesAsRecordedFromARealOrg() {
        assertThat(new ReplayId(0x179029).hex()).isEqualTo("00000000001790290000");
    }

    @Test
    void theOldFormOfEightBytesIsStillUnderstood() {
        // when
        var parsed = ReplayId.parse(bytes("0000000000179029"));

        // then
        assertThat(parsed).contains(new ReplayId(0x179029));
    }

    @Test
    void whatWasGivenOutIsReadBack() {
        var id = new ReplayId(Long.MAX_VALUE);

        assertThat(ReplayId.parse(id.bytes())).contains(id);
    }

    @Test
    void otherBytesAreNoReplayId() {
        assertThat(ReplayId.parse(bytes("000001"))).isEmpty();
        assertThat(ReplayId.parse(bytes("00000000001790290001"))).isEmpty();
        assertThat(ReplayId.parse(ByteString.EMPTY)).isEmpty();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
