package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema of the values is strict, complete, and knows the keys of Lightline's own configuration. */
class SchemaTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {bogus: 1}                                                                   | bogus
            {relay: {replicsa: 2}}                                                       | replicsa
            {relay: {replicas: "2"}}                                                     | got string, want integer
            {relay: {replicas: -1}}                                                      | /relay/replicas
            {relay: {drain: {windowSeconds: 0}}}                                         | /relay/drain/windowSeconds
            {relay: {service: {type: ExternalName}}}                                     | /relay/service/type
            {relay: {image: {digest: latest}}}                                           | /relay/image/digest
            {relay: {probes: {liveness: {httpGet: {path: /}}}}}                          | httpGet
            {relay: {tenants: {a: {allowed-orgins: []}}}}                                | allowed-orgins
            {relay: {tenants: {"a b": {}}}}                                              | a b
            {relay: {tenants: {a: {namespaces: {n: {prefix: x, publish: everybody}}}}}}  | /publish
            {relay: {tenants: {a: {namespaces: {n: {publish: anybody}}}}}}               | prefix
            {relay: {tenants: {a: {issuers: {i: {hmac-secret: short}}}}}}                | hmac-secret
            {relay: {tenants: {a: {existingSecret: {apiKeysKey: k}}}}}                   | name
            {publisher: {orgs: {a: {client-id: x}}}}                                     | topics
            {publisher: {orgs: {a: {topics: [Order__e]}}}}                               | /topics/0
            {publisher: {orgs: {a: {topics: [/event/A__e], window: 101}}}}               | /window
            {publisher: {orgs: {a: {topics: [/event/A__e], private-key: nokey}}}}        | private-key
            {config: {source: vault}}                                                    | /config/source
            {redis: {hosts: ["redis://a"]}}                                              | /redis/hosts/0
            {valkey: {maxMemory: 1Gi}}                                                   | /valkey/maxMemory
            {ingress: {preset: nginx}}                                                   | /ingress/preset
            {ingress: {paths: [api]}}                                                    | /ingress/paths/0
            {tracing: {samplingRatio: 2}}                                                | /tracing/samplingRatio
            {image: {pullPolicy: Sometimes}}                                             | /image/pullPolicy
            {logging: {level: LOUD}}                                                     | /logging/level
            """)
    void aWrongValueIsNamed(String wrong, String place) {
        assertThatThrownBy(() -> Chart.with("demo", wrong).text()).hasMessageContaining(place);
    }

    @Test
    void itHasEveryValueAndNoOther() throws IOException {
        // given
        JsonNode values = Rendering.read(Files.readString(Project.CHART.resolve("values.yaml")));

        // when
        Set<String> inSchema = new TreeSet<>();
        properties("", schema(), inSchema, values);
        inSchema.remove(".global");

        // then
        Set<String> inValues = new TreeSet<>();
        keys("", values, inSchema, inValues);
        assertThat(inSchema).containsExactlyElementsOf(inValues);
    }

    @Test
    void itKnowsEveryKeyOfTenantsAndOrgs() throws IOException {
        JsonNode definitions = schema().path("definitions");

        assertThat(names(definitions, "tenant"))
                .containsExactlyInAnyOrderElementsOf(with(documented("lightline.tenants.<id>."), "existingSecret"));
        assertThat(names(definitions, "issuer"))
                .containsExactlyInAnyOrderElementsOf(documented("lightline.tenants.<id>.issuers.<name>."));
        assertThat(names(definitions, "namespace"))
                .containsExactlyInAnyOrderElementsOf(documented("lightline.tenants.<id>.namespaces.<name>."));
        assertThat(names(definitions, "override"))
                .containsExactlyInAnyOrderElementsOf(documented("lightline.publisher.orgs.<name>.overrides.<name>."));
        // A token that is there already is for simulators outside of clusters.
        Set<String> org = with(documented("lightline.publisher.orgs.<name>."), "existingSecret", "private-key");
        org.removeAll(Set.of("access-token", "instance-url", "tenant-id"));
        assertThat(names(definitions, "org")).containsExactlyInAnyOrderElementsOf(org);
    }

    /** First words of the documented keys below a prefix. */
    private static Set<String> documented(String prefix) {
        return DocumentedKeys.all().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()).replaceFirst("\\..*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> with(Set<String> names, String... more) {
        names.addAll(Set.of(more));
        return names;
    }

    private static Set<String> names(JsonNode definitions, String definition) {
        var names = new TreeSet<String>();
        definitions.path(definition).path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode schema() throws IOException {
        return Rendering.read(Files.readString(Project.CHART.resolve("values.schema.json")));
    }

    /** Closed objects of the schema, key by key; where the schema is open, values are the user's. */
    private static void properties(String path, JsonNode schema, Set<String> into, JsonNode values) throws IOException {
        JsonNode here =
                schema.has("$ref") ? schema().at(schema.path("$ref").asText().substring(1)) : schema;
        for (var property : here.path("properties").properties()) {
            String key = path + "." + property.getKey();
            JsonNode below = property.getValue();
            boolean inner =
                    !(path.endsWith(".resources") || path.matches(".*\\.probes\\.\\w+|\\.httpRoute\\.timeouts"));
            if (inner) {
                into.add(key);
                properties(key, below, into, values);
            }
        }
    }

    private static void keys(String path, JsonNode values, Set<String> known, Set<String> into) {
        for (var entry : values.properties()) {
            String key = path + "." + entry.getKey();
            into.add(key);
            // Objects that the schema leaves open have no keys of their own there.
            if (entry.getValue().isObject() && known.stream().anyMatch(other -> other.startsWith(key + "."))) {
                keys(key, entry.getValue(), known, into);
            }
        }
    }
}
