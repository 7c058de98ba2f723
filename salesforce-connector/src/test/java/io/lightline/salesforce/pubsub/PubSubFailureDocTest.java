package io.lightline.salesforce.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.lightline.salesforce.SetupGuide;
import io.lightline.salesforce.SetupGuide.Row;
import io.lightline.salesforce.pubsub.PubSubFailure.Reaction;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/salesforce-setup.md} says of each error what the code does about it. */
class PubSubFailureDocTest {

    private static final List<Row> CODES = SetupGuide.table("Code", "What happened", "The publisher");
    private static final List<Row> STATUSES = SetupGuide.table("Status", "The publisher");

    @Test
    void everyCodeIsAnsweredAsThePageSays() {
        assertThat(CODES)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.codes("Code"))
                        .isNotEmpty()
                        .allSatisfy(code -> assertThat(inWords(new PubSubFailure(Status.Code.UNKNOWN, "", code, "")))
                                .as(code)
                                .isEqualTo(row.cell("The publisher"))));
    }

    @Test
    void everyCodeThatTheCodeKnowsIsOnThePage() {
        assertThat(CODES.stream().flatMap(row -> row.codes("Code").stream()))
                .doesNotHaveDuplicates()
                .containsAll(PubSubFailure.REACTIONS.keySet());
    }

    @Test
    void everyStatusIsAnsweredAsThePageSays() {
        assertThat(STATUSES.stream()
                        .flatMap(row ->
                                row.codes("Status").stream().map(status -> List.of(status, row.cell("The publisher")))))
                .containsExactlyInAnyOrderElementsOf(Stream.of(Status.Code.values())
                        .map(status -> List.of(status.name(), inWords(new PubSubFailure(status, "", "", ""))))
                        .toList());
    }

    @Test
    void everyReactionIsExplained() {
        assertThat(SetupGuide.table("It", "means"))
                .extracting(row -> row.cell("It"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(Reaction.values())
                        .map(PubSubFailureDocTest::inWords)
                        .collect(Collectors.toSet()));
    }

    private static String inWords(PubSubFailure failure) {
        return inWords(failure.reaction());
    }

    private static String inWords(Reaction reaction) {
        return switch (reaction) {
            case RETRY -> "tries again";
            case SLOW_DOWN -> "slows down";
            case LOG_IN -> "logs in anew";
            case REPOSITION -> "treats it as a gap";
            case WAIT_FOR_OPERATOR -> "waits for you";
            case WAIT_FOR_QUOTA -> "waits for deliveries";
            case REPORT_BUG -> "blames itself";
        };
    }
}
