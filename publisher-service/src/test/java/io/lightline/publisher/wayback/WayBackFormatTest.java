package io.lightline.publisher.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.backplane.RawJson;
import io.lightline.salesforce.event.ReplayId;
import io.lightline.salesforce.publish.PublishOutcome;
import io.lightline.salesforce.publish.PublishOutcome.Invalid;
import io.lightline.salesforce.publish.PublishOutcome.Published;
import io.lightline.salesforce.publish.PublishOutcome.Refused;
import io.lightline.salesforce.publish.PublishOutcome.Unavailable;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WayBackFormatTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"publish":{"id":"e-1","data":{"Name__c":"Ä", "n": 1.50}}} | {"Name__c":"Ä", "n": 1.50}
            { "publish" : {"data" : {} , "id":"e-1"} }                 | {}
            {"publish":{"id":"e-1","later":{"a":[1]},"data":[1, 2]}}   | [1, 2]
            {"publish":{"id":"e-1","data":{"a":1,"a":2}},"more":1}     | {"a":1,"a":2}
            {"publish":{"id":"e-1","data":"text"}}                     | "text"
            {"publish":{"id":"e-1","data":12}}                         | 12
            {"publish":{"id":"e-1","data":null}}                       | null
            """)
    void theDataOfAQuestionStaysAsItIs(String question, String data) {
        // when
        var draft = WayBackFormat.question(RawJson.of(question));

        // then
        assertThat(draft.id()).isEqualTo("e-1");
        assertThat(new String(draft.json(), StandardCharsets.UTF_8)).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{",
                "{\"publish\":1}",
                "{\"other\":{\"id\":\"e\",\"data\":{}}}",
                "{\"publish\":{\"id\":\"e\"}}",
                "{\"publish\":{\"data\":{}}}",
                "{\"publish\":{\"id\":\"e\",\"data\":{"
            })
    void whatIsNoQuestionIsRefused(String question) {
        assertThatThrownBy(() -> WayBackFormat.question(RawJson.of(question)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The question ");
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(
                        new Published(ReplayId.of(new byte[] {0, 0, 0, 0, 0, 23, -112, 41, 0, 0})),
                        "{\"replayId\":\"AAAAAAAXkCkAAA==\"}"),
                Arguments.of(
                        new Invalid("Amount__c", "wants a number, not text"),
                        "{\"error\":{\"code\":\"invalid\",\"message\":\"wants a number, not text\",\"field\":\"Amount__c\"}}"),
                Arguments.of(
                        new Invalid(null, "the event is an object, not text"),
                        "{\"error\":{\"code\":\"invalid\",\"message\":\"the event is an object, not text\"}}"),
                Arguments.of(new Refused("may not"), "{\"error\":{\"code\":\"refused\",\"message\":\"may not\"}}"),
                Arguments.of(new Unavailable("later"), "{\"error\":{\"code\":\"unavailable\",\"message\":\"later\"}}"));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void anOutcomeIsAnAnswer(PublishOutcome outcome, String answer) {
        assertThat(WayBackFormat.answer(outcome)).hasToString(answer);
    }
}
