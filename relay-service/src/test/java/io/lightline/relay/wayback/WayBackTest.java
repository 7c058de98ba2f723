package io.lightline.relay.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.backplane.Backplane;
import io.lightline.backplane.BackplaneConfig;
import io.lightline.backplane.BackplaneUnavailableException;
import io.lightline.backplane.ChannelName;
import io.lightline.backplane.InMemoryBackplane;
import io.lightline.backplane.InMemoryStore;
import io.lightline.backplane.RawJson;
import io.lightline.relay.TestConfig;
import io.lightline.relay.protocol.ErrorCode;
import io.lightline.relay.wayback.WayBackAnswer.Failed;
import io.lightline.relay.wayback.WayBackAnswer.Taken;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WayBackTest {

    private static final ChannelName TOPIC = new ChannelName("acme", "/event/Order__e");

    private final Backplane backplane = new InMemoryBackplane(
            new InMemoryStore(), TestConfig.of(BackplaneConfig.class, Map.of("lightline.backplane.timeout", "300ms")));

    @AfterEach
    void close() {
        backplane.close().await().indefinitely();
    }

    @Test
    void anEventThatSalesforceHasTakenHasAReplayId() {
        // given
        serve(_ -> Uni.createFrom().item(RawJson.of("{\"replayId\":\"AAAAAAAXkCkAAA==\",\"later\":1}")));

        // then
        assertThat(publish("{}")).isEqualTo(new Taken("AAAAAAAXkCkAAA=="));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"code":"invalid","message":"wants text","field":"A__c"} | BAD_REQUEST       | A__c: wants text
            {"code":"invalid","message":"not an object"}             | BAD_REQUEST       | not an object
            {"code":"refused","message":"may not"}                   | PERMISSION_DENIED | may not
            {"code":"unavailable","message":"try later"}             | INTERNAL          | try later
            {"code":"of-the-future","message":"try later"}           | INTERNAL          | try later
            {}                                                       | INTERNAL          | no reason given
            """)
    void anErrorHasTheCodeThatFitsAndNamesTheField(String error, ErrorCode code, String detail) {
        // given
        serve(_ -> Uni.createFrom().item(RawJson.of("{\"error\":" + error + "}")));

        // then
        assertThat(publish("{}")).isEqualTo(new Failed(code, detail));
    }

    @Test
    void whenNobodyServesTheTopicTheAnswerSaysSoAtOnce() {
        assertThat(publish("{}")).isEqualTo(new Failed(ErrorCode.INTERNAL, "nobody publishes to /event/Order__e now"));
    }

    @Test
    void aPublisherThatFailsOrMakesNoSenseIsAnErrorWithoutDetails() {
        // given
        serve(_ -> Uni.createFrom().failure(new IllegalStateException("secret")));
        var failed = publish("{}");

        // when
        serve(_ -> Uni.createFrom().item(RawJson.of("{")));

        // then
        assertThat(failed).isEqualTo(new Failed(ErrorCode.INTERNAL, "the publisher failed"));
        assertThat(publish("{}")).isEqualTo(failed);
    }

    @Test
    void aSilentPublisherIsTheBackplanesFailure() {
        // given
        serve(_ -> Uni.createFrom().nothing());

        // then
        assertThatThrownBy(() -> publish("{}")).isInstanceOf(BackplaneUnavailableException.class);
    }

    @Test
    void anEventThatIsTooLargeToAskForIsRefused() {
        // given
        serve(_ -> Uni.createFrom().item(RawJson.of("{\"replayId\":\"x\"}")));

        // then
        assertThat(publish('"' + "a".repeat(Backplane.MAX_QUESTION) + '"'))
                .isEqualTo(new Failed(ErrorCode.LIMIT_EXCEEDED, "the event is too large"));
    }

    private void serve(Function<RawJson, Uni<RawJson>> server) {
        backplane.serve(TOPIC, server).await().indefinitely();
    }

    private WayBackAnswer publish(String data) {
        return new WayBack(backplane)
                .publish(TOPIC, UUID.randomUUID(), RawJson.of(data))
                .await()
                .indefinitely();
    }
}
