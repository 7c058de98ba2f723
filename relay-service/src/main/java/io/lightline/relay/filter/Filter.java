package io.lightline.relay.filter;

import io.lightline.backplane.RawJson;
import io.lightline.relay.filter.Fields.Field;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * Which publications somebody gets. The form is that of the Centrifugo client protocol's {@code tf}: a comparison
 * {@code {"key", "cmp", "val"|"vals"}}, or {@code {"op": "and"|"or"|"not", "nodes": [...]}}. A key names a tag, or with
 * {@code data.} in front a field of the payload ({@code data.payload.Status__c}). Filters that say the same are equal, so that
 * each is evaluated once a publication. Immutable.
 */
public sealed interface Filter {

    boolean matches(Fields fields);

    /** @throws InvalidFilterException when it cannot be understood, or is larger than anybody needs */
    static Filter parse(RawJson json) throws InvalidFilterException {
        return FilterReader.read(json);
    }

    /** What both let through. */
    static Filter and(Filter one, Filter other) {
        return one.equals(other) ? one : new All(List.of(one, other));
    }

    /** What either lets through. */
    static Filter or(Filter one, Filter other) {
        return one.equals(other) ? one : new Any(List.of(one, other));
    }

    record All(List<Filter> filters) implements Filter {
        @Override
        public boolean matches(Fields fields) {
            for (Filter filter : filters) {
                if (!filter.matches(fields)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Any(List<Filter> filters) implements Filter {
        @Override
        public boolean matches(Fields fields) {
            for (Filter filter : filters) {
                if (filter.matches(fields)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Filter filter) implements Filter {
        @Override
        public boolean matches(Fields fields) {
            return !filter.matches(fields);
        }
    }

    record Exists(String key) implements Filter {
        @Override
        public boolean matches(Fields fields) {
            return fields.find(key) != null;
        }
    }

    /**
     * Equal to one of some values: by text, a number of the payload by its value ({@code 10.0} is {@code "10"}).
     *
     * @param numbers those values that are numbers, without trailing zeros
     */
    record OneOf(String key, Set<String> values, Set<BigDecimal> numbers) implements Filter {
        @Override
        public boolean matches(Fields fields) {
            return switch (fields.find(key)) {
                case Field.Text(var text) -> values.contains(text);
                case Field.Number(var text) ->
                    FilterReader.number(text)
                            .map(BigDecimal::stripTrailingZeros)
                            .filter(numbers::contains)
                            .isPresent();
                case Field.Structure _ -> false;
                case null -> false;
            };
        }
    }

    /** A text that begins with, ends with or contains another one. */
    record TextTest(String key, Test test, String value) implements Filter {

        enum Test {
            STARTS_WITH,
            ENDS_WITH,
            CONTAINS
        }

        @Override
        public boolean matches(Fields fields) {
            return fields.find(key) instanceof Field.Text(var text)
                    && switch (test) {
                        case STARTS_WITH -> text.startsWith(value);
                        case ENDS_WITH -> text.endsWith(value);
                        case CONTAINS -> text.contains(value);
                    };
        }
    }

    /** A number, or a text that is one, compared with another one. */
    record NumberTest(String key, Test test, BigDecimal value) implements Filter {

        enum Test {
            LESS,
            LESS_OR_EQUAL,
            GREATER,
            GREATER_OR_EQUAL
        }

        @Override
        public boolean matches(Fields fields) {
            return switch (fields.find(key)) {
                case Field.Text(var text) -> fits(text);
                case Field.Number(var text) -> fits(text);
                case Field.Structure _ -> false;
                case null -> false;
            };
        }

        private boolean fits(String text) {
            return FilterReader.number(text)
                    .map(number -> number.compareTo(value))
                    .map(order -> switch (test) {
                        case LESS -> order < 0;
                        case LESS_OR_EQUAL -> order <= 0;
                        case GREATER -> order > 0;
                        case GREATER_OR_EQUAL -> order >= 0;
                    })
                    .orElse(false);
        }
    }
}
