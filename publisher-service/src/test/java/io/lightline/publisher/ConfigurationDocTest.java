package io.lightline.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.lightline.backplane.ConfigurationDoc;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {

    @Test
    void everyKeyOfThePublisherIsListedWithItsDefault() throws IOException {
        assertThat(ConfigurationDoc.documented("Publisher"))
                .containsExactlyInAnyOrderElementsOf(
                        ConfigurationDoc.rows(PublisherConfig.class).toList());
    }
}
