package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lightline.localstack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class TwoPodsIT {

    private final String channel = RunningStack.newChannel();

    @Test
    void whatIsPublishedOnOnePodArrivesOnBothOnceAndInOneOrder(LocalStack stack) {
        // given
        try (var alice = RelayClient.connect(stack.relay(0).webSocketUri());
                var bob = RelayClient.connect(stack.relay(1).webSocketUri())) {
            var ofAlice = alice.subscribe(channel);
            var ofBob = bob.subscribe(channel);

            // when
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? alice : bob).publish(channel, Json.object().put("number", i));
            }

            // then
            await().untilAsserted(() -> assertThat(ofAlice.data()).hasSize(20));
            await().untilAsserted(() -> assertThat(ofBob.data()).isEqualTo(ofAlice.data()));
            ofAlice.hasNoSilentGap();
            ofBob.hasNoSilentGap();
        }
    }

    @Test
    void aClientThatWasAwayGetsWhatItMissedFromTheOtherPod(LocalStack stack) {
        // given
        var backEnd = new BackEnd(stack.relay(0));
        Position seen = backEnd.publish(channel, Json.object().put("number", 0));
        for (int i = 1; i <= 50; i++) {
            backEnd.publish(channel, Json.object().put("number", i));
        }

        // when
        try (var client = RelayClient.connect(stack.relay(1).webSocketUri())) {
            var subscription = client.recover(channel, seen);

            // then
            assertThat(subscription.wasToldOfALoss()).isFalse();
            assertThat(subscription.data())
                    .extracting(data -> data.path("number").asInt())
                    .hasSize(50)
                    .isSorted();
            subscription.hasNoSilentGap();
        }
    }

    @Test
    void changeEventsAreForSalesforceOnly(LocalStack stack) {
        try (var client = RelayClient.connect(stack.relay(0).webSocketUri())) {
            assertThatThrownBy(() -> client.publish(SalesforceOrg.ACCOUNT_CHANGES, Json.object()))
                    .isInstanceOfSatisfying(
                            RelayErrorException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(103));
        }
    }
}
