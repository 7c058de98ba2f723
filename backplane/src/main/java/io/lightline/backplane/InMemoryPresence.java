package io.lightline.backplane;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is on one channel of an {@link InMemoryStore}, which guards it with its lock. Every step returns what the listeners of
 * the channel have to be told.
 */
final class InMemoryPresence {

    /** How long one who fell silent, and was announced as gone, is announced again when it is kept. */
    private static final Duration PARTED_MEMORY = Duration.ofHours(1);

    private final Map<String, Listed> listed = new LinkedHashMap<>();
    private final Map<String, Instant> parted = new HashMap<>();

    List<PresenceEvent> enter(Member member, boolean announced, Instant now, Duration ttl) {
        var events = new ArrayList<PresenceEvent>();
        parted.remove(member.client());
        if (list(member, announced, now.plus(ttl)) && announced) {
            events.add(new PresenceEvent.Joined(member));
        }
        events.addAll(forgetSilent(now));
        return events;
    }

    List<PresenceEvent> leave(Member member, boolean announced, Instant now) {
        var events = new ArrayList<PresenceEvent>();
        parted.remove(member.client());
        if (listed.remove(member.client()) != null && announced) {
            events.add(new PresenceEvent.Left(member));
        }
        events.addAll(forgetSilent(now));
        return events;
    }

    List<PresenceEvent> keep(Collection<Member> present, boolean announced, Instant now, Duration ttl) {
        var events = new ArrayList<PresenceEvent>();
        for (Member member : present) {
            list(member, announced, now.plus(ttl));
            if (parted.remove(member.client()) != null && announced) {
                events.add(new PresenceEvent.Joined(member));
            }
        }
        events.addAll(forgetSilent(now));
        return events;
    }

    List<PresenceEvent> forgetSilent(Instant now) {
        var events = new ArrayList<PresenceEvent>();
        parted.values().removeIf(until -> !until.isAfter(now));
        for (Iterator<Listed> all = listed.values().iterator(); all.hasNext(); ) {
            Listed one = all.next();
            if (!one.until.isAfter(now)) {
                all.remove();
                if (one.announced) {
                    parted.put(one.member.client(), now.plus(PARTED_MEMORY));
                    events.add(new PresenceEvent.Left(one.member));
                }
            }
        }
        return events;
    }

    List<Member> members() {
        return listed.values().stream().map(Listed::member).toList();
    }

    PresenceStats stats() {
        long users = listed.values().stream()
                .map(one -> one.member.user())
                .distinct()
                .count();
        return new PresenceStats(listed.size(), (int) users);
    }

    boolean isEmpty() {
        return listed.isEmpty() && parted.isEmpty();
    }

    /** Returns whether it was not listed before. */
    private boolean list(Member member, boolean announced, Instant until) {
        return listed.put(member.client(), new Listed(member, announced, until)) == null;
    }

    private record Listed(Member member, boolean announced, Instant until) {}
}
