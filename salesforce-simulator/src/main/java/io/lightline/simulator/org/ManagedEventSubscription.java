package io.lightline.simulator.org;

import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.event.SalesforceId;
import io.lightline.simulator.org.SimulatorConfig.ManagedConfig;
import io.lightline.simulator.org.SimulatorConfig.Replay;
import io.lightline.simulator.org.SimulatorConfig.State;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose position the org keeps. One client at a time has it; when its stream breaks it stays taken for a while.
 * Thread-safe.
 *
 * @see <a href="https://developer.salesforce.com/docs/platform/pub-sub-api/references/methods/managed-subscribe-rpc.html">
 *     ManagedSubscribe RPC Method</a>
 */
public final class ManagedEventSubscription {

    private final SalesforceId id;
    private final String developerName;
    private final ManagedConfig config;
    private State state;
    private @Nullable ReplayId committed;
    private @Nullable Object holder;
    private long heldUntil = System.nanoTime();

    ManagedEventSubscription(String orgId, String developerName, ManagedConfig config) {
        this.id = SalesforceId.named("18x", orgId + "/" + developerName);
        this.developerName = developerName;
        this.config = config;
        this.state = config.state();
    }

    public SalesforceId id() {
        return id;
    }

    public String developerName() {
        return developerName;
    }

    public String topic() {
        return config.topic();
    }

    public Replay defaultReplay() {
        return config.defaultReplay();
    }

    public Replay errorRecoveryReplay() {
        return config.errorRecoveryReplay();
    }

    public synchronized State state() {
        return state;
    }

    public synchronized void change(State next) {
        state = next;
    }

    public synchronized Optional<ReplayId> committed() {
        return Optional.ofNullable(committed);
    }

    public synchronized void commit(ReplayId position) {
        committed = position;
    }

    /** Takes it; false while another one has it or is taken to have it. */
    public synchronized boolean take(Object by) {
        if (holder != null || System.nanoTime() - heldUntil < 0) {
            return false;
        }
        holder = by;
        return true;
    }

    /** Gives it back, to be free after the time. Nothing happens when it is another's. */
    public synchronized void release(Object by, Duration hold) {
        if (holder == by) {
            holder = null;
            heldUntil = System.nanoTime() + hold.toNanos();
        }
    }

    public synchronized boolean taken() {
        return holder != null || System.nanoTime() - heldUntil < 0;
    }
}
