package io.lightline.simulator.event;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Raw Avro binary, as the Pub/Sub API carries it: no container, no marker, only the values in the schema's order. */
public final class AvroPayload {

    private AvroPayload() {}

    static ByteString encode(GenericRecord record) {
        var out = ByteString.newOutput();
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to memory", e);
        }
        return out.toByteString();
    }

    /** The record as JSON, or nothing for bytes that the schema does not describe: publishers may send any. */
    public static Optional<String> json(ByteString payload, EventSchema schema) {
        return record(payload, schema).map(GenericRecord::toString);
    }

    static Optional<GenericRecord> record(ByteString payload, EventSchema schema) {
        try {
            var decoder = DecoderFactory.get().binaryDecoder(payload.newInput(), null);
            return Optional.of(new GenericDatumReader<GenericRecord>(schema.avro()).read(null, decoder));
        } catch (IOException | AvroRuntimeException undecodable) {
            return Optional.empty();
        }
    }
}
