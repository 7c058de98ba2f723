package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Either a result or an error, as Centrifugo's server API answers.
 *
 * @param <T> what the method answers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApiAnswer<T>(@Nullable T result, @Nullable Error error) {

    /**
     * Why not.
     *
     * @param code as in the client protocol
     */
    public record Error(int code, String message) {}

    static <T> ApiAnswer<T> of(T result) {
        return new ApiAnswer<>(result, null);
    }

    static <T> ApiAnswer<T> failed(Error error) {
        return new ApiAnswer<>(null, error);
    }
}
