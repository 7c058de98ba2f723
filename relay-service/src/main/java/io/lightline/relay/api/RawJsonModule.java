package io.lightline.relay.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.lightline.backplane.RawJson;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets {@link RawJson} through a body as it is: numbers keep their digits, white space goes. */
@Singleton
final class RawJsonModule implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.registerModule(new SimpleModule()
                .addSerializer(RawJson.class, new Writer())
                .addDeserializer(RawJson.class, new Reader()));
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
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
