package io.lightline.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class LogFieldsTest {

    @Test
    void theKeysOfAMessageBecomeFieldsAndItsWordsTheEvent() {
        assertThat(fields("Draining connections=%d window=%s", 3, "PT30S"))
                .isEqualTo(Map.of("event", "Draining", "connections", "3", "window", "PT30S"));
    }

    @Test
    void aColonBeforeTheKeysIsNoPartOfTheEvent() {
        assertThat(fields("Topic is read here: topic=%s fence=%d", "acme:/event/Order__e", 7))
                .isEqualTo(Map.of("event", "Topic is read here", "topic", "acme:/event/Order__e", "fence", "7"));
    }

    @Test
    void whatFollowsALastColonIsTheReason() {
        assertThat(fields(
                        "Keys cannot be read, the known ones stay valid source=%s: %s", "acme/web", "no = such % file"))
                .isEqualTo(Map.of(
                        "event", "Keys cannot be read, the known ones stay valid",
                        "source", "acme/web",
                        "reason", "no = such % file"));
    }

    @Test
    void aParameterWithoutAKeyIsPassedOver() {
        assertThat(fields("%s of 100%% done channel=%s", "half", "chat:a"))
                .isEqualTo(Map.of("event", "", "channel", "chat:a"));
    }

    @Test
    void aMessageWithoutParametersIsTheEvent() {
        assertThat(fields("A fan-out task failed")).isEqualTo(Map.of("event", "A fan-out task failed"));
    }

    @Test
    void messagesOfOthersAndLogsForHumanEyesStayAsTheyAre() {
        // given
        ExtLogRecord others = record("io.quarkus.thing", "Listening on address=%s", "here");
        ExtLogRecord unseen = record("io.lightline.thing", "Draining connections=%d", 3);

        // when
        boolean both = new LogFields(true).isLoggable(others) && new LogFields(false).isLoggable(unseen);

        // then
        assertThat(both).isTrue();
        assertThat(others.getMdcCopy()).isEmpty();
        assertThat(unseen.getMdcCopy()).isEmpty();
    }

    private static Map<String, String> fields(String format, Object... parameters) {
        ExtLogRecord record = record("io.lightline.thing", format, parameters);
        assertThat(new LogFields(true).isLoggable(record)).isTrue();
        assertThat(record.getMessage()).isEqualTo(format);
        return record.getMdcCopy();
    }

    private static ExtLogRecord record(String logger, String format, Object... parameters) {
        var record = new ExtLogRecord(Level.INFO, format, FormatStyle.PRINTF, "the logger's class");
        record.setLoggerName(logger);
        if (parameters.length > 0) {
            record.setParameters(parameters);
        }
        return record;
    }
}
