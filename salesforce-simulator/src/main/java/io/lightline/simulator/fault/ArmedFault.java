package io.lightline.simulator.fault;

import java.util.Random;

/** A fault that was ordered, and how far it is. Not thread-safe. */
final class ArmedFault {

    private final String id;
    private final Strike strike;
    private final Trigger trigger;
    private final Random random;
    private int left;
    private int struck;

    ArmedFault(String id, Strike strike, Trigger trigger) {
        this.id = id;
        this.strike = strike;
        this.trigger = trigger;
        this.random = new Random(trigger.seed());
        this.left = next();
    }

    boolean active() {
        return trigger.times() == 0 || struck < trigger.times();
    }

    Trigger trigger() {
        return trigger;
    }

    /** How many may still pass before it strikes. */
    int left() {
        return left;
    }

    void count(int passed) {
        left = Math.max(0, left - passed);
    }

    /** Strikes, and begins to count anew. */
    Strike strike() {
        struck++;
        left = next();
        return strike;
    }

    FaultInfo info() {
        return new FaultInfo(id, strike, trigger, struck, active() ? left : 0, active());
    }

    private int next() {
        return trigger.after() + random.nextInt(trigger.spread() + 1);
    }
}
