package io.lightline.backplane;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON value as its UTF-8 bytes. It is never parsed on its way through, so whoever makes one has checked that it is
 * one well-formed value. Line breaks between tokens become spaces, because the client protocol ends a message with one.
 * The bytes are shared, not copied: do not write to them.
 */
public final class RawJson {

    private final byte[] utf8;

    private RawJson(byte[] utf8) {
        this.utf8 = utf8;
    }

    public static RawJson of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the array over. A control character inside a JSON string is escaped, so every line break is white space. */
    public static RawJson of(byte[] utf8) {
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '\n' || utf8[i] == '\r') {
                utf8[i] = ' ';
            }
        }
        return new RawJson(utf8);
    }

    public byte[] utf8() {
        return utf8;
    }

    public int length() {
        return utf8.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawJson json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
