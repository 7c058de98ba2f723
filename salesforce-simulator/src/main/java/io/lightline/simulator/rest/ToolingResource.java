package io.lightline.simulator.rest;

import io.lightline.simulator.org.ManagedEventSubscription;
import io.lightline.simulator.org.Org;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The one query of the Tooling API that clients of managed subscriptions make: an id or a name to all about it. */
@Path("/services/data/v{version:\\d+\\.\\d+}/tooling/query")
@Produces(MediaType.APPLICATION_JSON)
class ToolingResource {

    private static final Pattern QUERY = Pattern.compile(
            "\\s*SELECT\\s.+\\sFROM\\s+ManagedEventSubscription"
                    + "(?:\\s+WHERE\\s+(Id|DeveloperName)\\s*=\\s*'([^']*)')?(?:\\s+LIMIT\\s+\\d+)?\\s*",
            Pattern.CASE_INSENSITIVE);

    private final Tokens tokens;

    ToolingResource(Tokens tokens) {
        this.tokens = tokens;
    }

    /** What a query answers. */
    record Result(int size, int totalSize, boolean done, String entityTypeName, List<Map<String, Object>> records) {}

    @GET
    public Result query(
            @RestPath String version,
            @RestQuery("q") @Nullable String query,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var org = tokens.session(authorization).org();
        var matcher = QUERY.matcher(query == null ? "" : query);
        if (!matcher.matches()) {
            throw RestException.malformedQuery();
        }
        var records = find(org, matcher.group(1), matcher.group(2)).stream()
                .map(found -> describe(found, version))
                .toList();
        return new Result(records.size(), records.size(), true, "ManagedEventSubscription", records);
    }

    private static List<ManagedEventSubscription> find(Org org, @Nullable String field, @Nullable String value) {
        return org.managedSubscriptions().stream()
                .filter(each -> value == null
                        || ("id".equalsIgnoreCase(field)
                                ? List.of(each.id().value(), each.id().shortForm())
                                        .contains(value)
                                : each.developerName().equals(value)))
                .toList();
    }

    private static Map<String, Object> describe(ManagedEventSubscription found, String version) {
        var id = found.id().value();
        var url = "/services/data/v" + version + "/tooling/sobjects/ManagedEventSubscription/" + id;
        return Map.of(
                "attributes", Map.of("type", "ManagedEventSubscription", "url", url),
                "Id", id,
                "DeveloperName", found.developerName(),
                "Metadata",
                        Map.of(
                                "label", found.developerName(),
                                "topicName", found.topic(),
                                "defaultReplay", found.defaultReplay(),
                                "errorRecoveryReplay", found.errorRecoveryReplay(),
                                "state", found.state(),
                                "version", version));
    }
}
