package io.lightline.salesforce.event;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A place on an org's event bus. Salesforce's own bytes: to be stored, compared for equality and handed back, never to be
 * computed with; their number has changed before. The text form is base64.
 */
public final class ReplayId {

    private final byte[] bytes;

    private ReplayId(byte[] bytes) {
        this.bytes = bytes;
    }

    public static ReplayId of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("A replay id is never empty");
        }
        return new ReplayId(bytes.clone());
    }

    /** @throws IllegalArgumentException when the text is not base64 of at least one byte */
    public static ReplayId ofBase64(String text) {
        return of(Base64.getDecoder().decode(text));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReplayId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return base64();
    }
}
