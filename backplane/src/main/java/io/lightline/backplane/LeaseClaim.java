package io.lightline.backplane;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a member of a group says again and again while it lives.
 *
 * @param group whose members share leases
 * @param member who claims; unique in the group
 * @param ttl how long the member lives after this claim; one that is silent for longer loses its leases to whoever claims next
 * @param wanted names of the leases that the member wants or holds; one that it holds and does not want is given up, and with
 *     none it leaves the group
 * @param released names that it gives up now, although it wants them: others that hold fewer come first
 */
public record LeaseClaim(String group, String member, Duration ttl, Set<String> wanted, Set<String> released) {

    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    public LeaseClaim {
        if (!GROUP.matcher(group).matches()) {
            throw new IllegalArgumentException("Not a group (letters, digits, '.', '_', '-'): '" + group + "'");
        }
        if (member.isBlank() || !ttl.isPositive()) {
            throw new IllegalArgumentException(
                    "A claim needs a member and a time to live: member '" + member + "', ttl " + ttl);
        }
        wanted = Set.copyOf(wanted);
        released = Set.copyOf(released);
    }
}
