package io.lightline.chart;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** Objects of Kubernetes, as they would be applied. A key that is there twice is no YAML to us. */
record Rendering(List<JsonNode> objects) {

    static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    static Rendering of(String text) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            return new Rendering(documents.readAll().stream()
                    .filter(document -> !document.isNull() && !document.isMissingNode())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<JsonNode> all(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    JsonNode the(String kind, String name) {
        return find(kind, name)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(kind + " " + name + " is not in " + names()));
    }

    boolean has(String kind, String name) {
        return find(kind, name).findAny().isPresent();
    }

    /** The container of a Deployment that has its component's name. */
    JsonNode container(String component) {
        return the("Deployment", Chart.RELEASE + "-" + component).at("/spec/template/spec/containers/0");
    }

    /** The configuration in a ConfigMap or Secret. */
    JsonNode configuration(String kind, String name, String file) {
        JsonNode object = the(kind, name);
        return read(object.path(kind.equals("Secret") ? "stringData" : "data")
                .path(file)
                .asText());
    }

    /** Pod specs of everything that makes pods. */
    Stream<JsonNode> pods() {
        return Stream.concat(
                all("Deployment").map(deployment -> deployment.at("/spec/template/spec")),
                all("Pod").map(pod -> pod.path("spec")));
    }

    List<String> names() {
        return objects.stream()
                .map(object -> object.path("apiVersion").asText() + " "
                        + object.path("kind").asText() + " "
                        + object.at("/metadata/name").asText())
                .toList();
    }

    private Stream<JsonNode> find(String kind, String name) {
        return all(kind).filter(object -> object.at("/metadata/name").asText().equals(name));
    }
}
