package io.lightline.salesforce.publish;

import com.fasterxml.jackson.databind.JsonNode;

/** Kinds of JSON values, by the words in which errors speak of them. */
final class JsonKind {

    private JsonKind() {}

    static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "null";
            case BINARY, POJO -> "no JSON";
        };
    }
}
