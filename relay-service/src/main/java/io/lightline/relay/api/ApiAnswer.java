package io.lightline.relay.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;
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

    /** A refusal is an answer like any other; an unreachable backplane is not. */
    static <T> Uni<ApiAnswer<T>> from(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom()
                .<T>deferred(work)
                .map(ApiAnswer::of)
                .onFailure(ApiException.class)
                .recoverWithItem(refusal -> failed(refusal.error()));
    }
}
