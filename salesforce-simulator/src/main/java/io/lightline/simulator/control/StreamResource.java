package io.lightline.simulator.control;

import io.grpc.Status;
import io.lightline.simulator.pubsub.Overlap;
import io.lightline.simulator.pubsub.StreamInfo;
import io.lightline.simulator.pubsub.Streams;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** An org's subscriptions: which there are, which there were, and the end of all of them. */
@Path("/simulator/orgs/{org}/streams")
@Produces(MediaType.APPLICATION_JSON)
class StreamResource {

    private final NamedOrgs orgs;
    private final Streams streams;

    StreamResource(NamedOrgs orgs, Streams streams) {
        this.orgs = orgs;
        this.streams = streams;
    }

    /** How many streams were ended. */
    record Ended(int streams) {}

    /** The open subscriptions. */
    @GET
    public List<StreamInfo> open(@RestPath("org") String name) {
        return streams.of(orgs.named(name));
    }

    /** The latest ten thousand subscriptions, open or ended, as they were opened. */
    @GET
    @Path("history")
    public List<StreamInfo> history(@RestPath("org") String name, @RestQuery Optional<String> topic) {
        return streams.past(orgs.named(name)).stream()
                .filter(stream -> topic.isEmpty() || topic.get().equals(stream.topic()))
                .toList();
    }

    /** Forgets the subscriptions that have ended. */
    @DELETE
    @Path("history")
    public void forget(@RestPath("org") String name) {
        streams.forgetPast(orgs.named(name));
    }

    /** When two subscriptions to one topic were open at the same time, and for how long. */
    @GET
    @Path("overlaps")
    public List<Overlap> overlaps(@RestPath("org") String name, @RestQuery Optional<String> topic) {
        return streams.overlaps(orgs.named(name)).stream()
                .filter(overlap -> topic.isEmpty() || topic.get().equals(overlap.topic()))
                .toList();
    }

    /** Ends all subscriptions with a gRPC status: OK (the default), UNAVAILABLE, or another. */
    @POST
    @Path("end")
    public Ended end(@RestPath("org") String name, @RestQuery Optional<String> status) {
        return new Ended(streams.endAll(orgs.named(name), status(status.orElse("OK"))));
    }

    private static Status status(String code) {
        try {
            return Status.Code.valueOf(code).toStatus().withDescription("Ended by the control API");
        } catch (IllegalArgumentException unknown) {
            throw new BadRequestException("No gRPC status " + code, unknown);
        }
    }
}
