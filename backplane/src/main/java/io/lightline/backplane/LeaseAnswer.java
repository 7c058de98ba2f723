package io.lightline.backplane;

import java.util.Map;
import java.util.Set;

/**
 * What a member holds, until its time to live after the claim is over.
 *
 * @param held fence of each lease by its name. A renewal keeps the fence, and a new grant of a name has a higher one than any
 *     before: whoever finds another fence than it knows has lost the lease and got it again
 * @param surplus names among them that the member is to give up when it can, because one that wants them holds at least two fewer
 * @param first whether among these is the first lease that the group was ever given, as far as the store knows: to a member that
 *     has claimed before, a store that has lost its data
 */
public record LeaseAnswer(Map<String, Long> held, Set<String> surplus, boolean first) {

    public LeaseAnswer(Map<String, Long> held, Set<String> surplus) {
        this(held, surplus, false);
    }

    public LeaseAnswer {
        held = Map.copyOf(held);
        surplus = Set.copyOf(surplus);
    }
}
