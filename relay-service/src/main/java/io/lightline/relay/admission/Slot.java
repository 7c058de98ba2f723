package io.lightline.relay.admission;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The place of one socket in the counts. Any thread. */
public final class Slot {

    private final AtomicReference<@Nullable Runnable> giveBack;

    Slot(Runnable giveBack) {
        this.giveBack = new AtomicReference<>(giveBack);
    }

    /** The socket is gone, or never came to be. Harmless when said before. */
    public void release() {
        Runnable first = giveBack.getAndSet(null);
        if (first != null) {
            first.run();
        }
    }
}
