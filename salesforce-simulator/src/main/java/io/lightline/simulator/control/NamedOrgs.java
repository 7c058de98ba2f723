package io.lightline.simulator.control;

import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Orgs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;

/** The orgs by the names in the control API's paths. */
@ApplicationScoped
class NamedOrgs {

    private final Orgs orgs;

    NamedOrgs(Orgs orgs) {
        this.orgs = orgs;
    }

    /** @throws NotFoundException when there is no such org */
    Org named(String name) {
        return orgs.named(name).orElseThrow(() -> new NotFoundException("No org " + name));
    }
}
