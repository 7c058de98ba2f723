package io.lightline.relay.protocol;

import org.jspecify.annotations.Nullable;

/** How one connection writes the client protocol, both ways: chosen at the handshake by the WebSocket's subprotocol. */
public enum Encoding {
    /** Newline-delimited JSON in text frames: for who asks for nothing else. */
    JSON(new JsonCodec()),
    /** Length-delimited protobuf in binary frames. */
    PROTOBUF(new ProtobufCodec());

    /** The name under which clients ask for {@link #PROTOBUF}. */
    static final String PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";

    private final FrameCodec codec;

    Encoding(FrameCodec codec) {
        this.codec = codec;
    }

    /** @param subprotocol that the handshake agreed on; null or empty for none */
    public static Encoding of(@Nullable String subprotocol) {
        return PROTOBUF_SUBPROTOCOL.equals(subprotocol) ? PROTOBUF : JSON;
    }

    public FrameCodec codec() {
        return codec;
    }
}
