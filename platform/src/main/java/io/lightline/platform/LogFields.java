package io.lightline.platform;

import io.quarkus.logging.LoggingFilter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;

/**
 * Lets the fixed keys of our log messages come out as fields of their JSON. {@code "Draining connections=%d window=%s"} has the fields
 * {@code connections} and {@code window}, and as {@code event} what is the same each time. Other people's messages have no such
 * keys and stay as they are. Lets every record through. Any thread.
 */
@LoggingFilter(name = "lightline-fields")
public final class LogFields implements Filter {

    private static final String OURS = "io.lightline.";
    private static final String EVENT = "event";
    /** What a message ends with after a colon, when that has no key of its own. */
    private static final String REASON = "reason";

    private static final Pattern CONVERSION =
            Pattern.compile("(?:(?<key>[A-Za-z]\\w*)=|(?<colon>: ))?%(?:n|%|(?<converts>[^A-Za-z%]*[A-Za-z]))");

    private final boolean wanted;
    private final Map<String, Message> messages = new ConcurrentHashMap<>();

    /** @param json whether anybody sees the fields */
    public LogFields(@ConfigProperty(name = "quarkus.log.console.json.enabled") boolean json) {
        this.wanted = json;
    }

    /**
     * One of the constant messages.
     *
     * @param event its words before the first key
     * @param keys of its parameters, in order; empty for one without a key
     */
    private record Message(String event, List<String> keys) {

        static Message of(String format) {
            List<String> keys = CONVERSION
                    .matcher(format)
                    .results()
                    .filter(conversion -> conversion.group("converts") != null)
                    .map(conversion -> Stream.of(
                                    conversion.group("key"), conversion.group("colon") == null ? null : REASON)
                            .filter(key -> key != null)
                            .findFirst()
                            .orElse(""))
                    .toList();
            Matcher first = CONVERSION.matcher(format);
            String event = first.find() ? format.substring(0, first.start()) : format;
            return new Message(event.strip().replaceFirst(":$", ""), keys);
        }
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        if (wanted && record instanceof ExtLogRecord ours && isOurs(ours)) {
            addFields(ours);
        }
        return true;
    }

    private static boolean isOurs(ExtLogRecord record) {
        String logger = record.getLoggerName();
        return logger != null && logger.startsWith(OURS) && record.getMessage() != null;
    }

    private void addFields(ExtLogRecord record) {
        record.copyMdc();
        if (record.getFormatStyle() != FormatStyle.PRINTF || record.getParameters() == null) {
            record.putMdc(EVENT, record.getMessage());
            return;
        }
        Message message = messages.computeIfAbsent(record.getMessage(), Message::of);
        record.putMdc(EVENT, message.event);
        Object[] values = record.getParameters();
        for (int i = 0; i < Math.min(message.keys.size(), values.length); i++) {
            if (!message.keys.get(i).isEmpty()) {
                record.putMdc(message.keys.get(i), String.valueOf(values[i]));
            }
        }
    }
}
