package io.lightline.backplane;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The leases of one group, as {@code leases.lua} keeps them. Not thread-safe: the store's lock is around it. */
final class InMemoryLeases {

    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, Lease> leases = new TreeMap<>();
    private long lastFence;

    private record Member(Instant until, Set<String> wanted) {}

    private record Lease(String holder, long fence) {}

    LeaseAnswer claim(LeaseClaim claim, Instant now) {
        String caller = claim.member();
        members.values().removeIf(member -> !member.until.isAfter(now));
        if (claim.wanted().isEmpty()) {
            members.remove(caller);
        } else {
            members.put(caller, new Member(now.plus(claim.ttl()), claim.wanted()));
        }
        leases.entrySet()
                .removeIf(lease -> gone(lease.getValue().holder)
                        || (lease.getValue().holder.equals(caller)
                                && (claim.released().contains(lease.getKey())
                                        || !claim.wanted().contains(lease.getKey()))));

        var plan = new Plan();
        Set<String> granted = plan.grantedTo(caller);
        boolean first = !granted.isEmpty() && lastFence == 0;
        if (!granted.isEmpty()) {
            lastFence = Math.max(lastFence + 1, now.toEpochMilli());
            granted.forEach(name -> leases.put(name, new Lease(caller, lastFence)));
        }
        return new LeaseAnswer(
                leases.entrySet().stream()
                        .filter(lease -> lease.getValue().holder.equals(caller))
                        .collect(toMap(Map.Entry::getKey, lease -> lease.getValue().fence)),
                plan.surplusOf(caller),
                first);
    }

    private boolean gone(String member) {
        return !members.containsKey(member);
    }

    /** What a member has, or will have when it claims. */
    private static final class Share {

        static final Comparator<Share> SMALLEST = Comparator.comparingInt((Share share) -> share.count);

        final String member;
        final Set<String> wanted;
        final SortedSet<String> held = new TreeSet<>();
        int count;

        Share(String member, Set<String> wanted) {
            this.member = member;
            this.wanted = wanted;
        }
    }

    /** How the group would share its leases, if everybody claimed now. The same whoever asks. */
    private final class Plan {

        /** By the id of the member, so that of equals the first one is it. */
        private final List<Share> shares = members.entrySet().stream()
                .map(member -> new Share(member.getKey(), member.getValue().wanted))
                .toList();

        Plan() {
            for (Share share : shares) {
                leases.forEach((name, lease) -> {
                    if (lease.holder.equals(share.member)) {
                        share.held.add(name);
                    }
                });
                share.count = share.held.size();
            }
        }

        /** Shares all that is free, and tells what of it a member gets. To be called first. */
        Set<String> grantedTo(String caller) {
            var free = new TreeSet<String>();
            shares.forEach(share -> free.addAll(share.wanted));
            free.removeAll(leases.keySet());
            var granted = new HashSet<String>();
            for (String name : free) {
                Share taker = smallest(name);
                taker.count++;
                if (taker.member.equals(caller)) {
                    granted.add(name);
                }
            }
            return granted;
        }

        /** What a member is to give up, when from the largest share on each gives to whoever has at least two fewer. */
        Set<String> surplusOf(String caller) {
            var surplus = new HashSet<String>();
            var willing = new ArrayList<>(shares);
            while (!willing.isEmpty()) {
                Share giver = Collections.min(willing, Share.SMALLEST.reversed());
                Optional<String> given = giver.held.stream()
                        .filter(name -> smallest(name).count + 2 <= giver.count)
                        .findFirst();
                if (given.isEmpty()) {
                    willing.remove(giver);
                    continue;
                }
                smallest(given.get()).count++;
                giver.count--;
                giver.held.remove(given.get());
                if (giver.member.equals(caller)) {
                    surplus.add(given.get());
                }
            }
            return surplus;
        }

        /** Of those that want it. */
        private Share smallest(String name) {
            return shares.stream()
                    .filter(share -> share.wanted.contains(name))
                    .min(Share.SMALLEST)
                    .orElseThrow();
        }
    }
}
