package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The tests' own yardstick: it must see what it is there to see. */
class SubscriptionTest {

    private final Subscription subscription = new Subscription("chat:room", new Position("", 0));

    @Test
    void seesThatAPublicationIsMissing() {
        // given
        subscription.began(json("{'epoch': 'a', 'offset': 4}"));
        subscription.published(publication(5));

        // when
        subscription.published(publication(7));

        // then
        assertThatThrownBy(subscription::hasNoSilentGap).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesThatAPublicationCameTwice() {
        // given
        subscription.began(json("{'epoch': 'a', 'offset': 4}"));
        subscription.published(publication(5));

        // when
        subscription.published(publication(5));

        // then
        assertThatThrownBy(subscription::hasNoSilentGap).isInstanceOf(AssertionError.class);
    }

    @Test
    void seesThatARecoveryLeftSomethingOut() {
        // given
        subscription.began(json("{'epoch': 'a', 'offset': 4}"));

        // when
        subscription.resumed(json("{'recovered': true, 'epoch': 'a', 'offset': 6, 'publications': [{'offset': 6}]}"));

        // then
        assertThat(subscription.wasToldOfALoss()).isFalse();
        assertThatThrownBy(subscription::hasNoSilentGap).isInstanceOf(AssertionError.class);
    }

    @Test
    void acceptsAGapThatTheRelayHasSpokenOf() {
        // given
        subscription.began(json("{'epoch': 'a', 'offset': 4}"));
        subscription.resumed(json("{'recovered': false, 'epoch': 'b', 'offset': 9}"));

        // when
        subscription.published(publication(10));

        // then
        assertThat(subscription.wasToldOfALoss()).isTrue();
        assertThat(subscription.position()).isEqualTo(new Position("b", 10));
        subscription.hasNoSilentGap();
    }

    private static JsonNode json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"'));
    }

    private static JsonNode publication(long offset) {
        return Json.object().put("offset", offset);
    }
}
