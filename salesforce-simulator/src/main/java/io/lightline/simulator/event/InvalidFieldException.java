package io.lightline.simulator.event;

import java.util.List;

/** A record that Salesforce's REST API would refuse, with the error code it would name. */
public final class InvalidFieldException extends RuntimeException {

    private final String errorCode;
    private final List<String> fields;

    InvalidFieldException(String errorCode, String message, String... fields) {
        super(message);
        this.errorCode = errorCode;
        this.fields = List.of(fields);
    }

    static InvalidFieldException noSuchColumn(String name, String entity) {
        return new InvalidFieldException("INVALID_FIELD", "No such column '" + name + "' on sobject of type " + entity);
    }

    static InvalidFieldException notWritable(String name) {
        return new InvalidFieldException(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                "Unable to create/update fields: " + name
                        + ". Please check the security settings of this field and verify"
                        + " that it is read/write for your profile or permission set.",
                name);
    }

    static InvalidFieldException wrongType(String type, String token, String value) {
        return new InvalidFieldException(
                "JSON_PARSER_ERROR",
                "Cannot deserialize instance of " + type + " from " + token + " value " + value
                        + " or request may be missing a required field");
    }

    static InvalidFieldException missing(List<String> names) {
        return new InvalidFieldException(
                "REQUIRED_FIELD_MISSING", "Required fields are missing: " + names, names.toArray(String[]::new));
    }

    public String errorCode() {
        return errorCode;
    }

    public List<String> fields() {
        return fields;
    }
}
