package io.lightline.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The one message that Helm sends in protobuf: the Secret in which it keeps a release. Field numbers are those of Kubernetes' API. */
final class Protobuf {

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private Protobuf() {}

    static boolean isSecret(byte[] body) {
        return body.length > MAGIC.length
                && List.of(body[0], body[1], body[2], body[3]).equals(List.of(MAGIC[0], MAGIC[1], MAGIC[2], MAGIC[3]));
    }

    static ObjectNode secret(byte[] body) throws IOException {
        Map<Integer, List<byte[]>> unknown = fields(Arrays.copyOfRange(body, MAGIC.length, body.length));
        ObjectNode object = new ObjectMapper().createObjectNode().put("apiVersion", "v1");
        Map<Integer, List<byte[]>> type = fields(unknown.get(1).getFirst());
        object.put("kind", text(type, 2));
        if (!text(type, 2).equals("Secret")) {
            return object;
        }
        Map<Integer, List<byte[]>> secret = fields(unknown.get(2).getFirst());
        Map<Integer, List<byte[]>> metadata = fields(secret.get(1).getFirst());
        ObjectNode to = object.putObject("metadata").put("name", text(metadata, 1));
        for (byte[] label : metadata.getOrDefault(11, List.of())) {
            to.withObject("labels").put(text(fields(label), 1), text(fields(label), 2));
        }
        for (byte[] entry : secret.getOrDefault(2, List.of())) {
            object.withObject("data")
                    .put(
                            text(fields(entry), 1),
                            Base64.getEncoder()
                                    .encodeToString(fields(entry).get(2).getFirst()));
        }
        return object.put("type", text(secret, 3));
    }

    private static String text(Map<Integer, List<byte[]>> fields, int number) {
        List<byte[]> values = fields.getOrDefault(number, List.of());
        return values.isEmpty() ? "" : new String(values.getFirst(), StandardCharsets.UTF_8);
    }

    /** Fields with a length, by number; others are of no interest. */
    private static Map<Integer, List<byte[]>> fields(byte[] message) throws IOException {
        var fields = new HashMap<Integer, List<byte[]>>();
        CodedInputStream input = CodedInputStream.newInstance(message);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), _ -> new ArrayList<>())
                        .add(input.readByteArray());
            } else {
                input.skipField(tag);
            }
        }
        return fields;
    }
}
