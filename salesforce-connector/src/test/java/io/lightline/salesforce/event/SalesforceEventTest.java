package io.lightline.salesforce.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SalesforceEventTest {

    private final SalesforceEvent event = new SalesforceEvent(
            "00D000000000001EAA",
            "/event/Order__e",
            ReplayId.of(new byte[] {0, 0, 0, 0, 0, 0, 1, 2, 0, 0}),
            null,
            "e-1",
            "Order__e",
            "s-1",
            null,
            null,
            "{\"OrderNumber__c\":\"é\"}".getBytes(StandardCharsets.UTF_8));

    @Test
    void empApiShapeHoldsThePayloadAsItIs() {
        // when
        String shape = new String(event.empApi(), StandardCharsets.UTF_8);

        // then
        assertThat(shape)
                .isEqualTo("{\"schema\":\"s-1\",\"payload\":{\"OrderNumber__c\":\"é\"},\"event\":"
                        + "{\"replayId\":\"AAAAAAAAAQIAAA==\",\"EventUuid\":\"e-1\",\"EventApiName\":\"Order__e\"}}");
    }

    @Test
    void textOfAnEventDoesNotShowItsPayload() {
        assertThat(event.toString()).contains("e-1", "/event/Order__e").doesNotContain("OrderNumber__c");
    }

    @Test
    void replayIdSurvivesItsTextForm() {
        // when
        ReplayId copy = ReplayId.ofBase64(event.replayId().base64());

        // then
        assertThat(copy).isEqualTo(event.replayId()).hasSameHashCodeAs(event.replayId());
        assertThat(copy).isNotEqualTo(ReplayId.of(new byte[] {0, 0, 0, 0, 0, 0, 1, 2}));
    }

    @Test
    void emptyReplayIdIsRefused() {
        assertThatThrownBy(() -> ReplayId.of(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
