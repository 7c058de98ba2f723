package io.lightline.backplane;

/**
 * Somebody came to a channel or went from it. Told at most once, and only where {@link PresenceOptions#announced} says so:
 * whoever needs the truth reads {@link Backplane#presence}.
 */
public sealed interface PresenceEvent {

    Member member();

    /** Somebody came, or came back after the others were told of its {@link Left}. */
    record Joined(Member member) implements PresenceEvent {}

    /** Somebody went, or its pod fell silent for {@link BackplaneConfig#presenceTtl()}. */
    record Left(Member member) implements PresenceEvent {}
}
