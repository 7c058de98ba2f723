package io.lightline.relay.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Signs tokens as an issuer does, and a forger. */
record Signer(Key key, String algorithm, @Nullable String keyId) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Signer rsa(PrivateKey key) {
        return new Signer(key, AlgorithmIdentifiers.RSA_USING_SHA256, null);
    }

    static Signer ec(PrivateKey key) {
        return new Signer(key, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256, null);
    }

    static Signer hmac(String secret) {
        return hmac(secret.getBytes(StandardCharsets.UTF_8));
    }

    static Signer hmac(byte[] secret) {
        return new Signer(new SecretKeySpec(secret, "HmacSHA256"), AlgorithmIdentifiers.HMAC_SHA256, null);
    }

    Signer with(String otherAlgorithm) {
        return new Signer(key, otherAlgorithm, keyId);
    }

    Signer named(String id) {
        return new Signer(key, algorithm, id);
    }

    String sign(Map<String, ?> claims) {
        var signature = new JsonWebSignature();
        signature.setPayload(json(claims));
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(key);
        signature.setDoKeyValidation(false);
        if (keyId != null) {
            signature.setKeyIdHeaderValue(keyId);
        }
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token that nobody signed. */
    static String unsigned(Map<String, ?> claims) {
        return base64("{\"alg\":\"none\"}") + "." + base64(json(claims)) + ".";
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Map<String, ?> claims) {
        try {
            return JSON.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair newRsa() {
        return newRsa(2048);
    }

    static KeyPair newRsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair newEc(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(PublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }
}
