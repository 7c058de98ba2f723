package io.lightline.salesforce.publish;

import com.fasterxml.jackson.databind.JsonNode;

/** Numbers from JSON, which has them without bounds. Each method names the field in its errors. */
final class Numbers {

    private Numbers() {}

    static long whole(String field, JsonNode value) {
        wantNumber(field, value, "a whole number");
        if (!value.canConvertToExactIntegral()) {
            throw new InvalidFieldException(field, "wants a whole number, not a fraction");
        }
        if (!value.canConvertToLong()) {
            throw outOfRange(field);
        }
        return value.longValue();
    }

    static int small(String field, JsonNode value) {
        long whole = whole(field, value);
        if (whole != (int) whole) {
            throw outOfRange(field);
        }
        return (int) whole;
    }

    static double fraction(String field, JsonNode value) {
        wantNumber(field, value, "a number");
        double number = value.doubleValue();
        if (Double.isInfinite(number) || Double.isNaN(number)) {
            throw outOfRange(field);
        }
        return number;
    }

    static float smallFraction(String field, JsonNode value) {
        float number = (float) fraction(field, value);
        if (Float.isInfinite(number)) {
            throw outOfRange(field);
        }
        return number;
    }

    private static void wantNumber(String field, JsonNode value, String wanted) {
        if (!value.isNumber()) {
            throw new InvalidFieldException(field, "wants " + wanted + ", not " + JsonKind.of(value));
        }
    }

    private static InvalidFieldException outOfRange(String field) {
        return new InvalidFieldException(field, "is out of range");
    }
}
