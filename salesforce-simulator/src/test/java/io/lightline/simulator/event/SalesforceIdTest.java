package io.lightline.simulator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SalesforceIdTest {

    @Test
    void theChecksumIsTheOneOfARealId() {
        // given: an id recorded from a real org
        var real = "005fj000009DcVJAA0";

        // when
        var id = new SalesforceId(real);

        // then
        assertThat(id.shortForm()).isEqualTo("005fj000009DcVJ");
    }

    @Test
    void aWrongChecksumIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SalesforceId("005fj000009DcVJAA1"))
                .withMessageContaining("005fj000009DcVJAA1");
    }

    @Test
    void theFifteenCharacterFormIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SalesforceId("005fj000009DcVJ"));
    }

    @Test
    void theSameNameHasTheSameIdAndItsPrefix() {
        // when
        var id = SalesforceId.named("00N", "Order__e.Status__c");

        // then
        assertThat(id).isEqualTo(SalesforceId.named("00N", "Order__e.Status__c"));
        assertThat(id).isNotEqualTo(SalesforceId.named("00N", "Order__e.Amount__c"));
        assertThat(id.value()).startsWith("00N").hasSize(18);
    }
}
