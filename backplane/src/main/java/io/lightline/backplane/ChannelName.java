package io.lightline.backplane;

import java.util.regex.Pattern;

/**
 * A channel inside its tenant. Two tenants may use the same {@code name}; nothing of one can be addressed with the name
 * of the other.
 *
 * @param tenant id of the Salesforce organisation or application that owns the channel
 * @param name what a client subscribes to, for example {@code /event/Order__e} or {@code chat:room}
 */
public record ChannelName(String tenant, String name) {

    /** In characters. Longer names are refused, as in the client protocol. */
    public static final int MAX_LENGTH = 255;

    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1," + MAX_LENGTH + "}");

    public ChannelName {
        if (!TENANT.matcher(tenant).matches()) {
            throw new IllegalArgumentException("Not a tenant id (letters, digits, '.', '_', '-'): '" + tenant + "'");
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "Not a channel name (1 to " + MAX_LENGTH + " visible ASCII characters): '" + name + "'");
        }
    }

    @Override
    public String toString() {
        return tenant + ":" + name;
    }
}
