package io.lightline.simulator.control;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.lightline.simulator.event.AvroPayload;
import io.lightline.simulator.event.BusEvent;
import io.lightline.simulator.event.EventDraft;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.ReplayId;
import io.lightline.simulator.org.Org;
import io.lightline.simulator.org.SimulatorConfig.State;
import io.lightline.simulator.org.Topic;
import io.lightline.simulator.pubsub.Streams;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The control API of one org. It knows no authentication: whoever reaches it may use it. */
@Path("/simulator/orgs/{org}")
@Produces(MediaType.APPLICATION_JSON)
class ControlResource {

    private static final ByteString NO_AVRO = ByteString.copyFrom(new byte[] {-1, -1, -1});

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

    /** An event that no schema describes, on a topic; as Pub/Sub API does not look into payloads, anybody could send one. */
    record Undecodable(
            @Nullable String topic,
            @Nullable String schemaId,
            @Nullable String payload) {}

    /** Puts an undecodable event on a topic: three bytes, unless a payload (base64) and a schema id are given. */
    @POST
    @Path("undecodable")
    public LoggedEvent publishUndecodable(@RestPath("org") String name, Undecodable order) {
        var org = org(name);
        var topic = Optional.ofNullable(order.topic())
                .flatMap(org::topic)
                .orElseThrow(() -> new NotFoundException("No topic " + order.topic()));
        var schemaId = Optional.ofNullable(order.schemaId())
                .or(() -> topic.schema().map(EventSchema::id))
                .orElse("");
        var payload = order.payload() == null
                ? NO_AVRO
                : ByteString.copyFrom(Base64.getDecoder().decode(order.payload()));
        var draft = new EventDraft(topic.name(), UUID.randomUUID().toString(), schemaId, payload);
        return logged(org, org.bus().append(draft));
    }

    /** What the org may use. */
    record Limits(
            @Nullable Integer deliveredPerDay, @Nullable Boolean enforced) {}

    /** Changes how many events may be delivered in a day, and whether subscriptions fail beyond. */
    @PUT
    @Path("limits")
    public void limit(@RestPath("org") String name, Limits limits) {
        var deliveries = org(name).deliveries();
        deliveries.change(
                Objects.requireNonNullElse(limits.deliveredPerDay(), deliveries.max()),
                Objects.requireNonNullElse(limits.enforced(), true));
    }

    /** A managed subscription as it stands; {@code committed} is a replay id in base64. */
    record Managed(
            String id,
            String developerName,
            String topic,
            State state,
            boolean taken,
            @Nullable String committed) {}

    /** The managed subscriptions. */
    @GET
    @Path("managed")
    public List<Managed> managed(@RestPath("org") String name) {
        return org(name).managedSubscriptions().stream()
                .map(each -> new Managed(
                        each.id().value(),
                        each.developerName(),
                        each.topic(),
                        each.state(),
                        each.taken(),
                        each.committed().map(ReplayId::base64).orElse(null)))
                .toList();
    }

    /** Starts or stops a managed subscription; a stream that is open goes on. */
    @POST
    @Path("managed/{developerName}")
    public void changeManaged(@RestPath("org") String name, @RestPath String developerName, @RestQuery State state) {
        org(name).managedSubscriptions().stream()
                .filter(each -> each.developerName().equals(developerName))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("No managed subscription " + developerName))
                .change(state);
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
