package io.lightline.relay.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.lightline.backplane.RawJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Protobuf without a schema: messages are field numbers and values, so that a wrong number in the schema shows. */
public final class Handwritten {

    private Handwritten() {}

    /** @param fields number, value, number, value…; a number that comes twice is a repeated field or a map */
    public static UnknownFieldSet message(Object... fields) {
        var message = UnknownFieldSet.newBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            message.mergeField((int) fields[i], field(fields[i + 1]));
        }
        return message.build();
    }

    private static Field field(Object value) {
        var field = Field.newBuilder();
        switch (value) {
            case Integer number -> field.addVarint(number);
            case Long number -> field.addVarint(number);
            case Boolean flag -> field.addVarint(flag ? 1 : 0);
            case String text -> field.addLengthDelimited(ByteString.copyFromUtf8(text));
            case byte[] bytes -> field.addLengthDelimited(ByteString.copyFrom(bytes));
            case RawJson json -> field.addLengthDelimited(ByteString.copyFrom(json.utf8()));
            case UnknownFieldSet message -> field.addLengthDelimited(message.toByteString());
            default -> throw new IllegalArgumentException("No field of " + value.getClass());
        }
        return field.build();
    }

    /** Each with its length in front. */
    public static byte[] frame(UnknownFieldSet... messages) {
        var bytes = new ByteArrayOutputStream();
        try {
            for (UnknownFieldSet message : messages) {
                message.writeDelimitedTo(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Of a frame, in order. */
    public static List<UnknownFieldSet> messages(byte[] frame) {
        var messages = new ArrayList<UnknownFieldSet>();
        var in = new ByteArrayInputStream(frame);
        try {
            while (in.available() > 0) {
                var message = UnknownFieldSet.newBuilder();
                message.mergeDelimitedFrom(in);
                messages.add(message.build());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }

    /** The message in a field. */
    public static UnknownFieldSet child(UnknownFieldSet message, int number) {
        try {
            return UnknownFieldSet.parseFrom(
                    message.getField(number).getLengthDelimitedList().getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text in a field. */
    public static String text(UnknownFieldSet message, int number) {
        return message.getField(number).getLengthDelimitedList().getFirst().toStringUtf8();
    }

    /** The number in a field; 0 when it is not there. */
    public static long number(UnknownFieldSet message, int number) {
        List<Long> values = message.getField(number).getVarintList();
        return values.isEmpty() ? 0 : values.getFirst();
    }
}
