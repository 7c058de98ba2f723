package io.lightline.relay.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.stream.Collectors;

/** What is wrong with a body, for people: the place, and nothing of how we read it. */
final class JsonProblem {

    private JsonProblem() {}

    static String describe(JsonProcessingException problem) {
        JsonLocation place = problem.getLocation();
        String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
        return problem instanceof JsonMappingException mapping && !path(mapping).isEmpty()
                ? "not what " + path(mapping) + " may be" + where
                : "not the JSON that is expected" + where;
    }

    private static String path(JsonMappingException problem) {
        return problem.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
