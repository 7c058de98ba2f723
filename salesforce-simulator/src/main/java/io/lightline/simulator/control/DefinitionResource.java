package io.lightline.simulator.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.lightline.simulator.control.Refusals.WrongOrderException;
import io.lightline.simulator.event.ChangeType;
import io.lightline.simulator.event.EventSchema;
import io.lightline.simulator.event.FieldDefinition;
import io.lightline.simulator.event.FieldType;
import io.lightline.simulator.event.InvalidFieldException;
import io.lightline.simulator.event.ObjectRecords.Author;
import io.lightline.simulator.org.Org;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Changes what an org's events and objects look like, and makes the events that only Salesforce itself makes. */
@Path("/simulator/orgs/{org}")
@Produces(MediaType.APPLICATION_JSON)
class DefinitionResource {

    private static final String API_VERSION = "65.0";

    private final NamedOrgs orgs;

    DefinitionResource(NamedOrgs orgs) {
        this.orgs = orgs;
    }

    /** A field as in the configuration. */
    record Field(String name, String type, boolean required) {
        FieldDefinition definition() {
            return new FieldDefinition(
                    name, FieldType.valueOf(type.toUpperCase(Locale.ROOT).replace('-', '_')), required);
        }
    }

    /** The id of the schema that is in force now. */
    record Defined(String schemaId) {
        static Defined as(EventSchema schema) {
            return new Defined(schema.id());
        }
    }

    /** An event that was published. */
    record Published(String id, String replayId) {}

    /** What a gap event tells: {@code GAP_UPDATE} or another, of which records. */
    record Gap(@Nullable String changeType, @Nullable List<String> recordIds) {}

    /** Gives a Platform Event other fields, or makes one: later events have another schema, older ones keep theirs. */
    @PUT
    @Path("events/{event}/fields")
    public Defined defineEvent(@RestPath("org") String name, @RestPath String event, List<Field> fields) {
        return Defined.as(orgs.named(name).definitions().defineEvent(event, definitions(fields)));
    }

    /** Gives an object other fields; the records keep what they have in those that stay. */
    @PUT
    @Path("objects/{object}/fields")
    public Defined redefineObject(@RestPath("org") String name, @RestPath String object, List<Field> fields) {
        return orgs.named(name)
                .definitions()
                .redefineObject(object, definitions(fields))
                .map(Defined::as)
                .orElseThrow(() -> new NotFoundException("No object " + object));
    }

    /** Publishes an event as Salesforce itself does, also a standard one. */
    @POST
    @Path("events/{event}")
    public Published publish(@RestPath("org") String name, @RestPath String event, JsonNode body) {
        var org = orgs.named(name);
        var events =
                org.definitions().events(event).orElseThrow(() -> new NotFoundException("No Platform Event " + event));
        try {
            var published = events.publish(body, org.runAsUser().id().value());
            return new Published(published.id(), published.replayId().base64());
        } catch (InvalidFieldException wrong) {
            throw new WrongOrderException(wrong);
        }
    }

    /** Tells the subscribers of an object that something happened to records, but not what. */
    @POST
    @Path("objects/{object}/gap")
    public void gap(@RestPath("org") String name, @RestPath String object, Gap gap) {
        var org = orgs.named(name);
        var records = org.definitions().records(object).orElseThrow(() -> new NotFoundException("No object " + object));
        records.gap(gapType(gap), gap.recordIds() == null ? List.of() : gap.recordIds(), author(org));
    }

    /** Takes the permission for a topic away, or gives it back. */
    @POST
    @Path("topics/deny")
    public void deny(@RestPath("org") String name, @RestQuery String topic, @RestQuery boolean on) {
        orgs.named(name).definitions().deny(topic, on);
    }

    private static ChangeType gapType(Gap gap) {
        try {
            var type = ChangeType.valueOf(gap.changeType() == null ? "" : gap.changeType());
            if (type.name().startsWith("GAP_")) {
                return type;
            }
        } catch (IllegalArgumentException unknown) {
            throw new WrongOrderException(unknown);
        }
        throw new WrongOrderException(new IllegalArgumentException(gap.changeType() + " is no gap"));
    }

    private static List<FieldDefinition> definitions(List<Field> fields) {
        try {
            return fields.stream().map(Field::definition).toList();
        } catch (IllegalArgumentException unknown) {
            throw new WrongOrderException(unknown);
        }
    }

    private static Author author(Org org) {
        return new Author(org.runAsUser().id().value(), API_VERSION);
    }
}
