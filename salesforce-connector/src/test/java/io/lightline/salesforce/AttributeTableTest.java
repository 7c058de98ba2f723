package io.lightline.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the README's table to the annotations; {@code -Dlightline.docs.write=true} writes it. */
class AttributeTableTest {

    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- attributes, written by AttributeTableTest -->\n";
    private static final String END = "<!-- end of attributes -->\n";

    @Test
    void readmeListsEveryAttributeWithItsDefault() throws IOException {
        // given
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        if (Boolean.getBoolean("lightline.docs.write")) {
            Files.writeString(README, readme.substring(0, begin) + table() + readme.substring(end));
        }

        // when
        String documented = Files.readString(README);

        // then
        assertThat(documented).contains(BEGIN + table() + END);
    }

    private static String table() {
        return "| Attribute | Type | Default | |\n|---|---|---|---|\n"
                + Arrays.stream(SalesforceConnector.class.getAnnotationsByType(ConnectorAttribute.class))
                        .map(AttributeTableTest::row)
                        .collect(Collectors.joining());
    }

    private static String row(ConnectorAttribute attribute) {
        String byDefault = attribute.defaultValue().equals(ConnectorAttribute.NO_VALUE)
                ? attribute.mandatory() ? "must be given" : "–"
                : "`" + attribute.defaultValue() + "`";
        String type = attribute
                .type()
                .substring(attribute.type().lastIndexOf('.') + 1)
                .toLowerCase(Locale.ROOT);
        return "| `" + attribute.name() + "` | " + type + " | " + byDefault + " | " + attribute.description() + " |\n";
    }
}
