package io.lightline.relay.control;

import io.lightline.relay.session.Session;
import io.lightline.relay.tenant.User;
import org.jspecify.annotations.Nullable;

/**
 * Whose connections are meant. A connection of another tenant is never among them, whatever its ids.
 *
 * @param user inside the tenant; empty for those who are anonymous
 * @param client id of one connection; null for all of the user's
 */
public record Whom(String tenant, String user, @Nullable String client) {

    boolean includes(Session session) {
        return (client == null || client.equals(session.id()))
                && session.user().filter(this::is).isPresent();
    }

    private boolean is(User one) {
        return one.tenant().id().equals(tenant) && one.id().equals(user);
    }
}
