package io.lightline.salesforce.publish;

import java.util.concurrent.CompletableFuture;

/** A draft whose outcome is not known yet. To be used on the connector's thread. */
final class Pending {

    private final EventDraft draft;
    private final CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    private boolean sentBefore;

    Pending(EventDraft draft) {
        this.draft = draft;
    }

    EventDraft draft() {
        return draft;
    }

    CompletableFuture<PublishOutcome> outcome() {
        return outcome;
    }

    /** Whether it may be sent once more: true the first time that this is asked. */
    boolean mayRepeat() {
        boolean first = !sentBefore;
        sentBefore = true;
        return first;
    }
}
