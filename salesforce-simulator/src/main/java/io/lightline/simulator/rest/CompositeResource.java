package io.lightline.simulator.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lightline.simulator.event.InvalidFieldException;
import io.lightline.simulator.org.Session;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several Platform Events by one REST call, as {@code EventBus.publish} of Apex takes a list.
 *
 * @see <a href="https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_create.htm">
 *     Create Multiple Records with Fewer Round-Trips</a>
 */
@Path("/services/data/v{version:\\d+\\.\\d+}/composite/sobjects")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
class CompositeResource {

    private static final int MOST_RECORDS = 200;

    private final Tokens tokens;

    CompositeResource(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The records carry their type in {@code attributes}. What is wrong with one does not stop the others. */
    record Collection(@Nullable List<ObjectNode> records) {}

    @POST
    public List<EventPublishing.Created> create(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, Collection collection) {
        var session = tokens.session(authorization);
        var records = collection.records();
        if (records == null || records.size() > MOST_RECORDS) {
            throw RestException.malformed("records: 1 to " + MOST_RECORDS + " are allowed");
        }
        var created = new ArrayList<EventPublishing.Created>();
        records.forEach(each -> created.add(create(session, each)));
        return created;
    }

    private static EventPublishing.Created create(Session session, ObjectNode each) {
        JsonNode attributes = each.remove("attributes");
        var type = attributes == null ? "" : attributes.path("type").asText();
        var events = EventPublishing.events(session.org(), type);
        if (events.isEmpty()) {
            return EventPublishing.Created.refused("INVALID_TYPE", "sObject type '" + type + "' is not supported.");
        }
        try {
            return EventPublishing.publish(events.get(), each, session);
        } catch (InvalidFieldException e) {
            return EventPublishing.Created.refused(e.errorCode(), String.valueOf(e.getMessage()));
        }
    }
}
