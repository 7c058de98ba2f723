package io.lightline.salesforce.publish;

import org.jspecify.annotations.Nullable;

/** JSON that is no event of the schema. */
final class InvalidFieldException extends RuntimeException {

    private final @Nullable String field;

    /** @param message without values */
    InvalidFieldException(@Nullable String field, String message) {
        super(message);
        this.field = field;
    }

    @Nullable
    String field() {
        return field;
    }
}
