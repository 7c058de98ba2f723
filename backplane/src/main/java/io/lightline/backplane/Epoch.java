package io.lightline.backplane;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Makes names for the lives of streams. Each process counts on from a random number, so no two lives share a name. */
final class Epoch {

    private static final AtomicLong NEXT = new AtomicLong(new SecureRandom().nextLong());

    private Epoch() {}

    static String next() {
        return HexFormat.of().toHexDigits(NEXT.getAndIncrement());
    }
}
