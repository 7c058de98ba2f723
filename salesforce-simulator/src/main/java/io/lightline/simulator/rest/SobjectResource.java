package io.lightline.simulator.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.simulator.event.ObjectRecords;
import io.lightline.simulator.event.ObjectRecords.Author;
import io.lightline.simulator.org.Session;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.SortedMap;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Single records by REST. A POST of {@code Order__e} publishes a Platform Event; POST, PATCH and DELETE of an object with
 * Change Data Capture store the record and so emit its change event.
 *
 * @see <a href="https://developer.salesforce.com/docs/atlas.en-us.platform_events.meta/platform_events/platform_events_publish_api.htm">
 *     Publish Event Messages with Salesforce APIs</a>
 */
@Path("/services/data")
@Produces(MediaType.APPLICATION_JSON)
class SobjectResource {

    private static final String OBJECT = "v{version:\\d+\\.\\d+}/sobjects/{object}";
    private static final String RECORD = OBJECT + "/{id}";

    private final Tokens tokens;
    private final ObjectMapper json;

    SobjectResource(Tokens tokens, ObjectMapper json) {
        this.tokens = tokens;
        this.json = json;
    }

    @POST
    @Path(OBJECT)
    public Response create(
            @RestPath String version,
            @RestPath String object,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            String body) {
        var session = session(authorization);
        var events = EventPublishing.events(session.org(), object);
        var created = events.isPresent()
                ? EventPublishing.publish(events.get(), parse(body), session)
                : EventPublishing.Created.record(
                        records(session, object).create(parse(body), author(session, version)));
        return Response.status(Status.CREATED).entity(created).build();
    }

    @GET
    @Path(RECORD)
    public SortedMap<String, Object> read(
            @RestPath String object,
            @RestPath String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return records(session(authorization), object).find(id).orElseThrow(RestException::notFound);
    }

    @PATCH
    @Path(RECORD)
    public void update(
            @RestPath String version,
            @RestPath String object,
            @RestPath String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            String body) {
        var session = session(authorization);
        if (session.org().definitions().events(object).isPresent()) {
            throw RestException.methodNotAllowed("PATCH");
        }
        if (!records(session, object).update(id, parse(body), author(session, version))) {
            throw RestException.notFound();
        }
    }

    @DELETE
    @Path(RECORD)
    public void delete(
            @RestPath String version,
            @RestPath String object,
            @RestPath String id,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var session = session(authorization);
        if (session.org().definitions().events(object).isPresent()) {
            throw RestException.methodNotAllowed("DELETE");
        }
        if (!records(session, object).delete(id, author(session, version))) {
            throw RestException.entityIsDeleted();
        }
    }

    private Session session(@Nullable String authorization) {
        return tokens.session(authorization);
    }

    private static ObjectRecords records(Session session, String object) {
        return session.org().definitions().records(object).orElseThrow(RestException::notFound);
    }

    private static Author author(Session session, String version) {
        return new Author(session.user().id().value(), version);
    }

    private JsonNode parse(String body) {
        try {
            var node = json.readTree(body);
            if (!node.isObject()) {
                throw RestException.malformed("The HTTP entity body is required, and must be a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw RestException.malformed(e.getOriginalMessage());
        }
    }
}
