package io.lightline.simulator.org;

import io.lightline.simulator.event.SalesforceId;

/** A user of an org. */
public record User(String username, SalesforceId id) {

    static User of(String username, SalesforceId org) {
        return new User(username, SalesforceId.named("005", org + "/" + username));
    }
}
