package io.lightline.simulator.control;

import io.lightline.simulator.control.Refusals.WrongOrderException;
import io.lightline.simulator.load.LoadInfo;
import io.lightline.simulator.load.Loads;
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
import java.util.Objects;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Starts sources of events, for measurements. */
@Path("/simulator/orgs/{org}/load")
@Produces(MediaType.APPLICATION_JSON)
class LoadResource {

    private static final int USUAL_BYTES = 500;

    private final NamedOrgs orgs;
    private final Loads loads;

    LoadResource(NamedOrgs orgs, Loads loads) {
        this.orgs = orgs;
        this.loads = loads;
    }

    /** A source: without a rate as fast as its subscribers take the events, without a count until it is stopped. */
    record Order(
            @Nullable String topic,
            @Nullable Double eventsPerSecond,
            @Nullable Integer bytes,
            @Nullable Long count) {}

    /** Starts one. */
    @POST
    public Response start(@RestPath("org") String name, Order order) {
        try {
            var started = loads.start(
                    orgs.named(name),
                    Objects.requireNonNullElse(order.topic(), ""),
                    Objects.requireNonNullElse(order.eventsPerSecond(), 0.0),
                    Objects.requireNonNullElse(order.bytes(), USUAL_BYTES),
                    Objects.requireNonNullElse(order.count(), 0L));
            return Response.status(Status.CREATED).entity(started).build();
        } catch (IllegalArgumentException wrong) {
            throw new WrongOrderException(wrong);
        }
    }

    /** All sources, also those that have ended. */
    @GET
    public List<LoadInfo> list(@RestPath("org") String name) {
        return loads.all(orgs.named(name));
    }

    /** One of them. */
    @GET
    @Path("{id}")
    public LoadInfo one(@RestPath("org") String name, @RestPath long id) {
        return loads.find(orgs.named(name), id).orElseThrow(() -> new NotFoundException("No load " + id));
    }

    /** Stops one and forgets it. */
    @DELETE
    @Path("{id}")
    public void stop(@RestPath("org") String name, @RestPath long id) {
        if (!loads.stop(orgs.named(name), id)) {
            throw new NotFoundException("No load " + id);
        }
    }
}
