package io.lightline.publisher.resume;

import io.lightline.backplane.LeaseAnswer;
import io.lightline.backplane.LeaseClaim;
import io.lightline.publisher.PublisherConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which topics this replica may read now, by the answers to its claims. No input and no output; not thread-safe.
 *
 * <p>All leases last until a claim's {@code ttl} after the moment at which it was sent, less a tenth: the store counts from a
 * later moment, so nobody else can have them before, and what was on its way has time to end. The clock is the machine's
 * monotonic one; that it stands still while a virtual machine sleeps is what fences are for.
 */
public final class LeaseBook {

    private final String group;
    private final String member;
    private final Duration ttl;
    private final LongSupplier nanoClock;

    private Map<String, Long> held = Map.of();
    private Set<String> surplus = Set.of();
    /** Fences under which a topic is not read any more, because a higher one is in force. */
    private final Map<String, Long> fenced = new HashMap<>();

    private final Set<String> toRelease = new HashSet<>();
    private Set<String> beingReleased = Set.of();
    private long claimedAt;
    private long validUntil;
    private boolean everAnswered;
    private boolean forgotten;

    /** @param member unique for the life of this process */
    public LeaseBook(PublisherConfig.Lease config, String member, LongSupplier nanoClock) {
        this.group = config.group();
        this.ttl = config.ttl();
        this.member = member;
        this.nanoClock = nanoClock;
    }

    /** What to say now; to be {@linkplain #answered answered} before the next one, or never. */
    public LeaseClaim claim(Set<String> wanted) {
        claimedAt = nanoClock.getAsLong();
        beingReleased = Set.copyOf(toRelease);
        return new LeaseClaim(group, member, ttl, wanted, beingReleased);
    }

    /** Takes over what is held from now on. */
    public void answered(LeaseAnswer answer) {
        forgotten |= answer.first() && everAnswered;
        held = answer.held();
        surplus = answer.surplus();
        validUntil = claimedAt + ttl.minus(ttl.dividedBy(10)).toNanos();
        everAnswered = true;
        toRelease.removeAll(beingReleased);
        toRelease.retainAll(held.keySet());
        fenced.entrySet().removeIf(entry -> !entry.getValue().equals(held.get(entry.getKey())));
    }

    /** The fence under which a topic may be read; empty when it may not, or should not any more. */
    public OptionalLong readable(String name) {
        Long fence = held.get(name);
        return fence == null || !valid() || goes(name, fence) ? OptionalLong.empty() : OptionalLong.of(fence);
    }

    /** Whether a topic is held that is to be {@linkplain #release released} as soon as nobody reads it. */
    public boolean leaving(String name) {
        Long fence = held.get(name);
        return fence != null && goes(name, fence) && !toRelease.contains(name);
    }

    /** The next claim gives it up. */
    public void release(String name) {
        toRelease.add(name);
    }

    /** Somebody has a younger lease: this one is worth nothing, and the next may be. */
    public void fenced(String name, long fence) {
        if (Long.valueOf(fence).equals(held.get(name))) {
            fenced.put(name, fence);
        }
    }

    /** Whether the store has lost its data since this replica is here: what it does not know, it may have known. */
    public boolean storeHasForgotten() {
        return forgotten;
    }

    /** Whether the last answer is still good. */
    public boolean valid() {
        return everAnswered && validUntil - nanoClock.getAsLong() > 0;
    }

    /** How long it still is; negative when it was. */
    public Duration validity() {
        return Duration.ofNanos(validUntil - nanoClock.getAsLong());
    }

    private boolean goes(String name, long fence) {
        return surplus.contains(name)
                || toRelease.contains(name)
                || Long.valueOf(fence).equals(fenced.get(name));
    }
}
