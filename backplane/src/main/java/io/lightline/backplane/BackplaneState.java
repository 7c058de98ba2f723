package io.lightline.backplane;

/** Whether the backplane works now, and in one line for an operator why not. */
public sealed interface BackplaneState {

    /** Commands are answered, and a message published by this pod came back to it not long ago. */
    record Ready() implements BackplaneState {}

    /**
     * Something is broken; it is being repaired without help.
     *
     * @param reason a clause without secrets, for example {@code "connecting to redis: connection refused"}
     */
    record Unavailable(String reason) implements BackplaneState {}

    default boolean ready() {
        return this instanceof Ready;
    }
}
