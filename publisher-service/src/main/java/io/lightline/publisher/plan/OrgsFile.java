package io.lightline.publisher.plan;

import io.lightline.publisher.OrgConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithParentName;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** The file with further orgs. Blocks. */
final class OrgsFile {

    static final String PREFIX = "orgs";

    private final Path file;

    OrgsFile(Path file) {
        this.file = file;
    }

    /** @throws OrgsFileException when it cannot be read */
    String text() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new OrgsFileException("cannot be read: " + e);
        }
    }

    /**
     * Its orgs by name, each in itself without contradiction.
     *
     * @throws OrgsFileException in one line, when it is not YAML or says something that is not understood
     */
    static Map<String, OrgConfig> orgs(String text) {
        Map<String, OrgConfig> orgs = mapped(text);
        List<String> complaints = OrgCheck.complaints(PREFIX, orgs);
        if (!complaints.isEmpty()) {
            throw new OrgsFileException(complaints.getFirst());
        }
        return orgs;
    }

    private static Map<String, OrgConfig> mapped(String text) {
        if (text.isBlank()) {
            // Somebody is writing it just now, or has lost it.
            throw new OrgsFileException("is empty; without orgs it says " + PREFIX + ": {}");
        }
        try {
            var source = new YamlConfigSource("orgs-file", text);
            source.getPropertyNames().stream()
                    .filter(key -> !key.equals(PREFIX) && !key.startsWith(PREFIX + "."))
                    .findFirst()
                    .ifPresent(key -> {
                        throw new OrgsFileException(key + " is not understood, all orgs are below " + PREFIX);
                    });
            return new SmallRyeConfigBuilder()
                    .withMapping(Content.class)
                    .withConverter(Duration.class, 200, new DurationConverter())
                    .withSources(source)
                    .build()
                    .getConfigMapping(Content.class)
                    .orgs();
        } catch (ConfigValidationException e) {
            throw new OrgsFileException(IntStream.range(0, e.getProblemCount())
                    .mapToObj(problem -> e.getProblem(problem).getMessage())
                    .collect(Collectors.joining("; ")));
        } catch (OrgsFileException e) {
            throw e;
        } catch (MarkedYAMLException e) {
            // Its message quotes the line, which may hold a secret.
            Mark mark = e.getProblemMark();
            throw new OrgsFileException("not YAML"
                    + (mark == null ? "" : " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1)));
        } catch (RuntimeException e) {
            throw new OrgsFileException("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** What the file says. */
    @ConfigMapping(prefix = PREFIX)
    public interface Content {

        /** By name. */
        @WithParentName
        Map<String, OrgConfig> orgs();
    }
}
