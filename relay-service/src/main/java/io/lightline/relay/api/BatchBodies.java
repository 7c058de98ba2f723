package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lightline.backplane.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of {@code batch}. Unlike other answers, its own has no {@code result} around it, as Centrifugo's has none. */
public final class BatchBodies {

    private BatchBodies() {}

    /**
     * @param commands each {@code {"<method>": <its request>}}
     * @param parallel several at once, in no order
     */
    public record Batch(@Nullable List<@Nullable Map<String, RawJson>> commands, boolean parallel) {}

    /** @param replies in the order of the commands, each {@code {"<method>": <its result>}} or {@code {"error": …}} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BatchAnswer(@Nullable List<Map<String, Object>> replies, ApiAnswer.@Nullable Error error) {}
}
