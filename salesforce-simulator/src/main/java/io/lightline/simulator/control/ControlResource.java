package io.lightline.simulator.control;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.grpc.Status;
import io.lightline.simulator.event.AvroPayload;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.Topic;
import io.lightline.simulator.pubsub.Streams;
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

    private final NamedOrgs orgs;
    private final Streams streams;

    ControlResource(NamedOrgs orgs, Streams streams) {
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

    /** The retained events in their order: all, or those that subscribers of {@code topic} get. */
    @GET
    @Path("events")
    public List<LoggedEvent> events(@RestPath("org") String name, @RestQuery Optional<String> topic) {
        var org = org(name);
        var wanted = topic.map(one -> carriedBy(org, one)).orElse(_ -> true);
        return org.bus().events().stream()
                .filter(wanted)
                .map(event -> logged(org, event))
                .toList();
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
    public StreamResource.Ended resetBus(@RestPath("org") String name) {
        var org = org(name);
        org.bus().reset();
        return new StreamResource.Ended(streams.endAll(org, Status.UNAVAILABLE.withDescription("The org has moved")));
    }

    private Org org(String name) {
        return orgs.named(name);
    }

    private static Predicate<BusEvent> carriedBy(Org org, String name) {
        Topic topic = org.topic(name).orElseThrow(() -> new NotFoundException("No topic " + name));
        return event -> topic.sources().contains(event.topic());
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
