package io.lightline.relay.api;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the server API can be asked for: {@code POST /api/<word>}. */
enum ApiMethod {
    PUBLISH,
    BROADCAST,
    SUBSCRIBE,
    UNSUBSCRIBE,
    DISCONNECT,
    REFRESH,
    INVALIDATE_USER_TOKENS,
    PRESENCE,
    PRESENCE_STATS,
    HISTORY,
    HISTORY_REMOVE,
    CHANNELS,
    INFO,
    BATCH;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Stream.of(values()).map(ApiMethod::word).toList();
    }
}
