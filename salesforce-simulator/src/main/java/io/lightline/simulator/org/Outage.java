package io.lightline.simulator.org;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Whether the org's Pub/Sub API is a black hole: connections stay open, and nothing answers any more, not even keepalives.
 * When it ends, open streams go on where they were. Thread-safe; listeners run on the thread that ends it.
 */
public final class Outage {

    private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
    private volatile boolean blackHole;

    public boolean blackHole() {
        return blackHole;
    }

    public void begin() {
        blackHole = true;
    }

    public void end() {
        blackHole = false;
        listeners.forEach(Runnable::run);
    }

    /** Called when the outage ends. */
    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }
}
