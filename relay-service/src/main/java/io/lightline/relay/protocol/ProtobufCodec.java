package io.lightline.relay.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.Parser;
import io.lightline.client.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Binary frames with one or more protobuf messages, each with its length in front as a varint. */
final class ProtobufCodec implements FrameCodec {

    /** Keeping what we do not know would let a small frame fill much memory. */
    private static final Parser<Wire.Command> COMMANDS = DiscardUnknownFieldsParser.wrap(Wire.Command.parser());

    private final WireReader reader = new WireReader();

    @Override
    public List<Request> decode(byte[] frame) throws MalformedFrameException {
        try {
            var requests = new ArrayList<Request>(1);
            CodedInputStream in = CodedInputStream.newInstance(frame);
            in.setRecursionLimit(CommandReader.MAX_DEPTH);
            while (!in.isAtEnd()) {
                requests.add(reader.request(in.readMessage(COMMANDS, ExtensionRegistryLite.getEmptyRegistry())));
            }
            return requests;
        } catch (IOException e) {
            throw new MalformedFrameException("not length-delimited commands", e);
        }
    }

    @Override
    public ServerFrame encode(long id, Reply reply) {
        return frame(WireWriter.reply(id, reply));
    }

    @Override
    public ServerFrame encode(Push push) {
        return frame(WireWriter.push(push));
    }

    @Override
    public ServerFrame ping() {
        return frame(Wire.Reply.getDefaultInstance());
    }

    private static ServerFrame frame(Wire.Reply message) {
        var bytes = new byte[CodedOutputStream.computeMessageSizeNoTag(message)];
        try {
            CodedOutputStream.newInstance(bytes).writeMessageNoTag(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ServerFrame.binary(bytes);
    }
}
