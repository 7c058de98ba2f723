package io.lightline.simulator.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * A record id in its 18-character form: 15 case-sensitive characters and a checksum of their upper-case letters, so that
 * it survives systems that ignore case.
 */
public record SalesforceId(String value) {

    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z]{18}");
    private static final int SHORT_LENGTH = 15;

    public SalesforceId {
        if (!FORM.matcher(value).matches() || !value.substring(SHORT_LENGTH).equals(checksum(value))) {
            throw new IllegalArgumentException("Not an 18-character Salesforce id: " + value);
        }
    }

    /** The id of what {@code seed} names: the same seed, the same id. */
    public static SalesforceId named(String keyPrefix, String seed) {
        return numbered(keyPrefix, ByteBuffer.wrap(sha256(seed)).getLong() & Long.MAX_VALUE);
    }

    /** The id with the number in its last nine characters, as Salesforce counts within an object. */
    public static SalesforceId numbered(String keyPrefix, long number) {
        var digits = new StringBuilder();
        for (long rest = number; digits.length() < SHORT_LENGTH - keyPrefix.length(); rest /= BASE62.length()) {
            digits.append(BASE62.charAt((int) (rest % BASE62.length())));
        }
        var shortForm = keyPrefix + digits.reverse();
        return new SalesforceId(shortForm + checksum(shortForm));
    }

    /** The 15-character form, which schemas and tokens use. */
    public String shortForm() {
        return value.substring(0, SHORT_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String checksum(String id) {
        var checksum = new StringBuilder();
        for (int chunk = 0; chunk < SHORT_LENGTH; chunk += 5) {
            int bits = 0;
            for (int i = 0; i < 5; i++) {
                char c = id.charAt(chunk + i);
                bits |= c >= 'A' && c <= 'Z' ? 1 << i : 0;
            }
            checksum.append(CHECKSUM.charAt(bits));
        }
        return checksum.toString();
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
