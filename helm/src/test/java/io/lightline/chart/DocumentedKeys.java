package io.lightline.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys in the tables of docs/configuration.md, which tests of the services hold equal to the code. */
final class DocumentedKeys {

    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

    private DocumentedKeys() {}

    static Set<String> all() {
        try {
            return ROW.matcher(Files.readString(Project.ROOT.resolve("docs/configuration.md")))
                    .results()
                    .map(row -> row.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pattern for each of them: a part in angle brackets is any name. */
    static Set<Pattern> patterns() {
        return all().stream()
                .map(key -> Pattern.compile("\\Q" + key.replaceAll("<\\w+>", "\\\\E.+?\\\\Q") + "\\E"))
                .collect(Collectors.toSet());
    }
}
