package io.lightline.backplane;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes names for the lives of streams: random, so that no two lives ever share one. */
final class Epoch {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 8;

    private Epoch() {}

    static String next() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
