package io.lightline.backplane;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The steps that Redis takes as one. Each is a resource beside this class, which says its keys and arguments. */
enum Script {
    PUBLISH("stream.lua", "publish.lua"),
    PUBLISH_FROM("stream.lua", "source.lua", "publish-from.lua"),
    CHECKPOINT("source.lua", "checkpoint.lua"),
    HISTORY("stream.lua", "history.lua"),
    ENTER("presence.lua", "enter.lua"),
    LEAVE("presence.lua", "leave.lua"),
    KEEP("presence.lua", "keep.lua"),
    PRESENCE_LIST("presence.lua", "presence-list.lua"),
    PRESENCE_STATS("presence.lua", "presence-stats.lua"),
    REVOCATIONS("revocations.lua"),
    NODES("nodes.lua"),
    LEASES("leases.lua");

    private final String source;
    private final String sha1;

    Script(String... resources) {
        source = Stream.of(resources).map(Script::read).collect(Collectors.joining("\n"));
        sha1 = sha1(source);
    }

    String source() {
        return source;
    }

    /** The name by which Redis knows it, once loaded. */
    String sha1() {
        return sha1;
    }

    private static String read(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource, e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }
}
