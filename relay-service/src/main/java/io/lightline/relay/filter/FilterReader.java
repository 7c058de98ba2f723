package io.lightline.relay.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Filter.NumberTest;
import io.lightline.relay.filter.Filter.TextTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes a filter of its JSON. One reader reads one filter, and counts what that is made of. */
final class FilterReader {

    /** Comparisons and operators of one filter: it is evaluated for every publication. */
    private static final int MAX_NODES = 64;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_VALUES = 256;
    private static final int MAX_TEXT = 255;
    private static final int MAX_CHARACTERS = 4_096;

    /** Numbers with more zeros than this take their time. */
    private static final int MAX_SCALE = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private int nodes;

    private FilterReader() {}

    static Filter read(RawJson json) throws InvalidFilterException {
        if (json.length() > MAX_CHARACTERS) {
            throw new InvalidFilterException("a filter has " + MAX_CHARACTERS + " characters at most");
        }
        try {
            return new FilterReader().filter(JSON.readTree(json.utf8()), 1);
        } catch (IOException e) {
            throw new InvalidFilterException("a filter is a JSON object");
        }
    }

    /** Empty when it is none, or longer than a number needs to be. */
    static Optional<BigDecimal> number(String text) {
        try {
            return text.length() > MAX_TEXT
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(text)).filter(number -> Math.abs((long) number.scale()) <= MAX_SCALE);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Filter filter(JsonNode node, int depth) throws InvalidFilterException {
        if (!node.isObject()) {
            throw new InvalidFilterException("a filter is a JSON object");
        }
        if (++nodes > MAX_NODES) {
            throw new InvalidFilterException("a filter has " + MAX_NODES + " nodes at most");
        }
        if (depth > MAX_DEPTH) {
            throw new InvalidFilterException("a filter is " + MAX_DEPTH + " deep at most");
        }
        String operator = text(node, "op");
        return operator.isEmpty() ? comparison(node) : combination(operator, node, depth);
    }

    private Filter combination(String operator, JsonNode node, int depth) throws InvalidFilterException {
        JsonNode children = node.path("nodes");
        if (!children.isArray() || children.isEmpty()) {
            throw new InvalidFilterException("op '" + operator + "' needs nodes");
        }
        var filters = new ArrayList<Filter>();
        for (JsonNode child : children) {
            filters.add(filter(child, depth + 1));
        }
        return switch (operator) {
            case "and" -> new Filter.All(List.copyOf(filters));
            case "or" -> new Filter.Any(List.copyOf(filters));
            case "not" -> {
                if (filters.size() != 1) {
                    throw new InvalidFilterException("op 'not' has one node, not " + filters.size());
                }
                yield new Filter.Not(filters.getFirst());
            }
            default -> throw new InvalidFilterException("unknown op '" + operator + "'");
        };
    }

    private static Filter comparison(JsonNode node) throws InvalidFilterException {
        String key = text(node, "key");
        if (key.isEmpty() || key.equals(Fields.PAYLOAD)) {
            throw new InvalidFilterException("a comparison needs a key");
        }
        String compare = text(node, "cmp");
        return switch (compare) {
            case "eq" -> oneOf(key, Set.of(value(node)));
            case "neq" -> new Filter.Not(oneOf(key, Set.of(value(node))));
            case "in" -> oneOf(key, values(node));
            case "nin" -> new Filter.Not(oneOf(key, values(node)));
            case "ex" -> new Filter.Exists(key);
            case "nex" -> new Filter.Not(new Filter.Exists(key));
            case "sw" -> new TextTest(key, TextTest.Test.STARTS_WITH, value(node));
            case "ew" -> new TextTest(key, TextTest.Test.ENDS_WITH, value(node));
            case "ct" -> new TextTest(key, TextTest.Test.CONTAINS, value(node));
            case "lt" -> new NumberTest(key, NumberTest.Test.LESS, numberValue(node));
            case "lte" -> new NumberTest(key, NumberTest.Test.LESS_OR_EQUAL, numberValue(node));
            case "gt" -> new NumberTest(key, NumberTest.Test.GREATER, numberValue(node));
            case "gte" -> new NumberTest(key, NumberTest.Test.GREATER_OR_EQUAL, numberValue(node));
            default -> throw new InvalidFilterException("unknown cmp '" + compare + "'");
        };
    }

    private static Filter oneOf(String key, Set<String> values) {
        Set<BigDecimal> numbers = values.stream()
                .flatMap(value -> number(value).stream())
                .map(BigDecimal::stripTrailingZeros)
                .collect(Collectors.toUnmodifiableSet());
        return new Filter.OneOf(key, values, numbers);
    }

    private static Set<String> values(JsonNode node) throws InvalidFilterException {
        JsonNode listed = node.path("vals");
        if (!listed.isArray() || listed.isEmpty() || listed.size() > MAX_VALUES) {
            throw new InvalidFilterException("vals is a list of 1 to " + MAX_VALUES + " texts");
        }
        var values = new TreeSet<String>();
        for (JsonNode value : listed) {
            values.add(checked("vals", value));
        }
        return Set.copyOf(values);
    }

    private static BigDecimal numberValue(JsonNode node) throws InvalidFilterException {
        String value = value(node);
        return number(value).orElseThrow(() -> new InvalidFilterException("val '" + value + "' is not a number"));
    }

    private static String value(JsonNode node) throws InvalidFilterException {
        return text(node, "val");
    }

    /** Absent is empty, as everywhere in the protocol. */
    private static String text(JsonNode node, String field) throws InvalidFilterException {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? "" : checked(field, value);
    }

    private static String checked(String field, JsonNode value) throws InvalidFilterException {
        if (!value.isTextual()) {
            throw new InvalidFilterException(field + " is not a text");
        }
        if (value.textValue().length() > MAX_TEXT) {
            throw new InvalidFilterException(field + " is longer than " + MAX_TEXT + " characters");
        }
        return value.textValue();
    }
}
