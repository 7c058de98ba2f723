package io.lightline.backplane;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher hands in, before the backplane has given it a position.
 *
 * @param data the payload
 * @param info who published it, when a client did: {@code {"user", "client", "conn_info"}}
 * @param tags short strings for routing, filters and tracing; order is not kept
 * @param time when it was published
 */
public record Draft(RawJson data, @Nullable RawJson info, Map<String, String> tags, Instant time) {

    public Draft {
        tags = Map.copyOf(tags);
    }

    public static Draft of(RawJson data) {
        return new Draft(data, null, Map.of(), Instant.now());
    }
}
