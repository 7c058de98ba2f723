package io.lightline.simulator.control;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.grpc.Status;
import io.lightline.simulator.event.AvroPayload;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Orgs;
import io.lightline.simulator.org.Topic;
import io.lightline.simulator.pubsub.StreamInfo;
import io.lightline.simulator.pubsub.Streams;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The control API of one org. It knows no authentication: whoever reaches it may use it. */
@Path("/simulator/orgs/{org}")
@Produces(MediaType.APPLICATION_JSON)
class ControlResource {

    private final Orgs orgs;
    private final Streams streams;

    ControlResource(Orgs orgs, Streams streams) {
        this.orgs = orgs;
        this.streams = streams;
    }

    /** An event as it stands on the bus; without {@code data} when the schema does not describe its payload. */
    record LoggedEvent(
            String replayId,
            String replayIdHex,
            Instant at,
            String topic,
            String id,
            String schemaId,
            @JsonRawValue @Nullable String data,
            String payload) {}

    /** How many streams were ended. */
    record Ended(int streams) {}

    /** The retained events in their order: all, or those that subscribers of {@code topic} get. */
    @GET
    @Path("events")
    public List<LoggedEvent> events(@RestPath("org") String name, @RestQuery Optional<String> topic) {
        var org = org(name);
        var wanted = topic.map(one -> carriedBy(org, one)).orElse(_ -> true);
        return org.bus().read(org.bus().earliest(), wanted, Integer.MAX_VALUE).stream()
                .flatMap(slice -> slice.events().stream())
                .map(event -> logged(org, event))
                .toList();
    }

    @GET
    @Path("streams")
    public List<StreamInfo> streams(@RestPath("org") String name) {
        return streams.of(org(name));
    }

    /** Ends all subscriptions with a gRPC status: OK (the default), UNAVAILABLE, or another. */
    @POST
    @Path("streams/end")
    public Ended endStreams(@RestPath("org") String name, @RestQuery Optional<String> status) {
        return new Ended(streams.endAll(org(name), status(status.orElse("OK"))));
    }

    /** Ends all issued tokens; open streams go on. */
    @POST
    @Path("tokens/expire")
    public void expireTokens(@RestPath("org") String name) {
        org(name).sessions().expireAll();
    }

    /** Begins or ends an outage in which the Pub/Sub API keeps its connections and answers nothing. */
    @POST
    @Path("black-hole")
    public void blackHole(@RestPath("org") String name, @RestQuery boolean on) {
        if (on) {
            org(name).outage().begin();
        } else {
            org(name).outage().end();
        }
    }

    /** Makes every replay id so far invalid and ends the streams, as when an org moves to another instance. */
    @POST
    @Path("bus/reset")
    public Ended resetBus(@RestPath("org") String name) {
        var org = org(name);
        org.bus().reset();
        return new Ended(streams.endAll(org, Status.UNAVAILABLE.withDescription("The org has moved")));
    }

    private Org org(String name) {
        return orgs.named(name).orElseThrow(() -> new NotFoundException("No org " + name));
    }

    private static Predicate<BusEvent> carriedBy(Org org, String name) {
        Topic topic = org.topic(name).orElseThrow(() -> new NotFoundException("No topic " + name));
        return topic::carries;
    }

    private static Status status(String code) {
        try {
            return Status.Code.valueOf(code).toStatus().withDescription("Ended by the control API");
        } catch (IllegalArgumentException unknown) {
            throw new BadRequestException("No gRPC status " + code, unknown);
        }
    }

    private static LoggedEvent logged(Org org, BusEvent event) {
        return new LoggedEvent(
                event.replayId().base64(),
                event.replayId().hex(),
                event.at(),
                event.topic(),
                event.id(),
                event.schemaId(),
                org.schema(event.schemaId())
                        .flatMap(schema -> AvroPayload.json(event.payload(), schema))
                        .orElse(null),
                Base64.getEncoder().encodeToString(event.payload().toByteArray()));
    }
}
