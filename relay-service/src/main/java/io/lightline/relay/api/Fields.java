package io.lightline.relay.api;

import io.lightline.relay.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What fields have in common. */
final class Fields {

    private Fields() {}

    static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new ApiException(ErrorCode.BAD_REQUEST, field + " is missing");
        }
        return value;
    }

    static int limited(int count, int most, String what) {
        if (count > most) {
            throw new ApiException(ErrorCode.LIMIT_EXCEEDED, count + " " + what + ", more than " + most);
        }
        return count;
    }
}
