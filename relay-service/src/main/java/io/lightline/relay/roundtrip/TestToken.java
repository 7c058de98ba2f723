package io.lightline.relay.roundtrip;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token of the tenant {@code helm-test}, good for some minutes. */
record TestToken(String text) {

    /** Issuer and audience of the chart's test tenant. */
    private static final String NAME = "helm-test";

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    static TestToken signedWith(byte[] secret, Instant now) {
        String claims = """
                {"iss":"%1$s","aud":"%1$s","sub":"%1$s","iat":%2$d,"exp":%3$d}""".formatted(NAME, now.getEpochSecond(), now.plus(LIFE).getEpochSecond());
        String signed = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encode(claims);
        return new TestToken(signed + "." + BASE64.encodeToString(hmac(secret, signed)));
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] secret, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
