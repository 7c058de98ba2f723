package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the repository that is made of others: compared, or with {@code -Dupdate} written anew. */
record Generated(Path file) {

    void is(String content) {
        try {
            if (Project.UPDATE) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, content);
            }
            assertThat(Files.readString(file))
                    .as("%s; `scripts/render-k8s` makes it anew", Project.ROOT.relativize(file))
                    .isEqualTo(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
