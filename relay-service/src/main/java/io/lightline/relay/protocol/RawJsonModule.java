package io.lightline.relay.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.lightline.backplane.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets {@link RawJson} through Jackson as it is: numbers keep their digits, white space goes. */
public final class RawJsonModule {

    private RawJsonModule() {}

    public static Module create() {
        return new SimpleModule("raw-json")
                .addSerializer(RawJson.class, new Writer())
                .addDeserializer(RawJson.class, new Reader());
    }

    private static final class Writer extends JsonSerializer<RawJson> {
        @Override
        public void serialize(RawJson value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeRawValue(value.toString());
        }
    }

    private static final class Reader extends JsonDeserializer<RawJson> {

        @Override
        public RawJson deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            var bytes = new ByteArrayOutputStream();
            try (JsonGenerator out = parser.getCodec().getFactory().createGenerator(bytes)) {
                out.copyCurrentStructureExact(parser);
            }
            return RawJson.of(bytes.toByteArray());
        }

        /** {@code "data": null} is a value, not an absence. */
        @Override
        public RawJson getNullValue(DeserializationContext context) {
            return RawJson.of("null");
        }

        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }
    }
}
