package io.lightline.simulator.control;

import io.lightline.simulator.control.Refusals.WrongOrderException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;

/** Orders the faults of an org. */
@Path("/simulator/orgs/{org}/faults")
@Produces(MediaType.APPLICATION_JSON)
class FaultResource {

    private final NamedOrgs orgs;

    FaultResource(NamedOrgs orgs) {
        this.orgs = orgs;
    }

    /** Arms a fault. */
    @POST
    public Response add(@RestPath("org") String name, FaultOrder order) {
        try {
            var added = orgs.named(name).faults().add(order.strike(), order.trigger());
            return Response.status(Status.CREATED).entity(FaultStatus.of(added)).build();
        } catch (IllegalArgumentException wrong) {
            throw new WrongOrderException(wrong);
        }
    }

    /** All faults, also those that have struck for the last time. */
    @GET
    public List<FaultStatus> list(@RestPath("org") String name) {
        return orgs.named(name).faults().all().stream().map(FaultStatus::of).toList();
    }

    /** Forgets one. */
    @DELETE
    @Path("{id}")
    public void remove(@RestPath("org") String name, @RestPath String id) {
        if (!orgs.named(name).faults().remove(id)) {
            throw new NotFoundException("No fault " + id);
        }
    }

    /** Forgets all. */
    @DELETE
    public void clear(@RestPath("org") String name) {
        orgs.named(name).faults().clear();
    }
}
