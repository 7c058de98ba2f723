package io.lightline.simulator.fault;

import io.lightline.simulator.fault.Trigger.Calls;
import io.lightline.simulator.fault.Trigger.Events;
import io.lightline.simulator.fault.Trigger.Responses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Predicate;

/**
 * The faults of one org, in the order in which they were added; when several are due at once, the first one strikes and the
 * others wait for the next occasion. All streams that a fault concerns count together.
 *
 * <p>Thread-safe. Listeners run on the thread that adds a fault.
 */
public final class Faults {

    private final List<ArmedFault> faults = new ArrayList<>();
    private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
    private int added;
    private volatile boolean armed;

    /** Arms a fault. Open streams look at once whether it strikes them. */
    public FaultInfo add(Strike strike, Trigger trigger) {
        var info = arm(strike, trigger);
        listeners.forEach(Runnable::run);
        return info;
    }

    /** All faults, also those that have struck for the last time. */
    public synchronized List<FaultInfo> all() {
        return faults.stream().map(ArmedFault::info).toList();
    }

    /** Forgets a fault; false when there is none with this id. */
    public synchronized boolean remove(String id) {
        boolean removed = faults.removeIf(fault -> fault.info().id().equals(id));
        armed = faults.stream().anyMatch(ArmedFault::active);
        return removed;
    }

    public synchronized void clear() {
        faults.clear();
        armed = false;
    }

    /** How many events an open stream of the topic may send before it has to ask what is {@link #due}. */
    public int allowance(String topic) {
        return armed ? countdown(topic) : Integer.MAX_VALUE;
    }

    /** Tells that a stream of the topic has sent a response. */
    public void sent(String topic, int events) {
        if (armed) {
            count(topic, events);
        }
    }

    /** What strikes an open stream of the topic now. */
    public Optional<Strike> due(String topic) {
        return armed ? strike(fault -> inStream(fault) && fault.trigger().concerns(topic)) : Optional.empty();
    }

    /** What strikes a call that begins; one that is not struck counts. A schema's call has no topic. */
    public Optional<Strike> called(Call call, String topic) {
        return armed ? strikeOrCount(call, topic) : Optional.empty();
    }

    /** Called when a fault was added. */
    public void addListener(Runnable listener) {
        listeners.add(listener);
    }

    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    private synchronized FaultInfo arm(Strike strike, Trigger trigger) {
        var fault = new ArmedFault(Integer.toString(++added), strike, trigger);
        faults.add(fault);
        armed = true;
        return fault.info();
    }

    private synchronized int countdown(String topic) {
        return faults.stream()
                .filter(fault -> fault.active() && fault.trigger().concerns(topic))
                .filter(fault -> fault.trigger().point() instanceof Events)
                .mapToInt(ArmedFault::left)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private synchronized void count(String topic, int events) {
        for (var fault : faults) {
            if (fault.active() && fault.trigger().concerns(topic)) {
                switch (fault.trigger().point()) {
                    case Events _ -> fault.count(events);
                    case Responses _ -> fault.count(1);
                    case Calls _ -> {}
                }
            }
        }
    }

    private synchronized Optional<Strike> strike(Predicate<ArmedFault> candidate) {
        var struck = faults.stream()
                .filter(fault -> fault.active() && fault.left() == 0)
                .filter(candidate)
                .findFirst()
                .map(ArmedFault::strike);
        armed = faults.stream().anyMatch(ArmedFault::active);
        return struck;
    }

    private synchronized Optional<Strike> strikeOrCount(Call call, String topic) {
        Predicate<ArmedFault> concerned = fault -> fault.trigger().point().equals(new Calls(call))
                && fault.trigger().concerns(topic);
        var struck = strike(concerned);
        if (struck.isEmpty()) {
            faults.stream().filter(ArmedFault::active).filter(concerned).forEach(fault -> fault.count(1));
        }
        return struck;
    }

    private static boolean inStream(ArmedFault fault) {
        return !(fault.trigger().point() instanceof Calls);
    }
}
