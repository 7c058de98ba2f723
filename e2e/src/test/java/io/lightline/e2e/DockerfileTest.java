package io.lightline.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the {@code Dockerfile} promises of each image. Whether it works is shown by {@code make test-compose}. */
class DockerfileTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final String EXEC_FORM = "\\[\"[^\"]+\"(, \"[^\"]+\")*]";
    private static final String TITLE = "org.opencontainers.image.";

    private static List<Stage> stages;

    /** From one {@code FROM} to the next. */
    private record Stage(String base, String name, List<String> instructions) {

        Stream<String> all(String keyword) {
            return instructions.stream()
                    .filter(line -> line.startsWith(keyword + " "))
                    .map(line -> line.substring(keyword.length() + 1).strip());
        }

        String only(String keyword) {
            assertThat(all(keyword)).as("%s of %s", keyword, name).hasSize(1);
            return all(keyword).findFirst().orElseThrow();
        }
    }

    @BeforeAll
    static void read() throws IOException {
        stages = new ArrayList<>();
        // An instruction goes on where a line ends in a backslash.
        String joined = Files.readString(PROJECT.resolve("Dockerfile")).replaceAll("\\\\\\n\\s*", "");
        joined.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            if (line.startsWith("FROM ")) {
                String[] words = line.split(" ", -1);
                stages.add(new Stage(words[1], words[3], new ArrayList<>()));
            } else {
                stages.getLast().instructions().add(line);
            }
        });
    }

    @Test
    void everyForeignImageHasATagThatNamesItsVersion() {
        // given
        var own = stages.stream().map(Stage::name).toList();

        // then
        assertThat(stages)
                .filteredOn(stage -> !own.contains(stage.base()))
                .hasSize(2)
                .allSatisfy(stage -> assertThat(stage.base()).matches("[a-z/-]+:[a-z0-9.-]*25[a-z0-9.-]*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "publisher", "simulator"})
    void anImageRunsAsANumberedUserInExecForm(String name) {
        // given
        var stage = stage(name);

        // then
        assertThat(stage.only("USER")).isEqualTo("10001:10001");
        assertThat(stage.only("ENTRYPOINT")).matches(EXEC_FORM);
        assertThat(stage.only("HEALTHCHECK")).matches("(--[a-z-]+=\\S+ )+CMD " + EXEC_FORM);
        assertThat(stage.only("EXPOSE")).isNotEmpty();
        assertThat(stage.all("ADD")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "publisher", "simulator"})
    void nothingIsMadeAfterTheUserIsChosenSoThatItOwnsNothing(String name) {
        // given
        var instructions = stage(name).instructions();

        // when
        var after = instructions.subList(instructions.indexOf("USER 10001:10001"), instructions.size());

        // then
        assertThat(after).noneMatch(line -> line.startsWith("RUN ") || line.startsWith("COPY "));
        assertThat(instructions).noneMatch(line -> line.contains("--chown"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "publisher", "simulator"})
    void anImageTrainsItsCacheWithoutANetworkAndWithTheOptionsItRunsWith(String name) throws IOException {
        // given
        String training = Files.readString(PROJECT.resolve("docker/train-aot"));
        var stage = stage(name);

        // then
        assertThat(stage.only("RUN")).contains("--network=none").contains("/mnt/train-aot ");
        assertThat(training).contains("java @jvm.options -XX:AOTCacheOutput=app.aot ");
        assertThat(stage.only("ENTRYPOINT")).startsWith("[\"java\", \"@jvm.options\", \"-XX:AOTCache=app.aot\", ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay", "publisher", "simulator"})
    void anImageSaysWhatItIs(String name) {
        // given
        var runtime = stage("runtime");

        // then
        assertThat(stage(name).only("LABEL"))
                .contains(TITLE + "title=\"lightline/" + name + "\"")
                .contains(TITLE + "description=\"");
        assertThat(runtime.only("LABEL"))
                .contains(TITLE + "licenses=\"Apache-2.0\"")
                .contains(TITLE + "version=\"${VERSION}\"")
                .contains(TITLE + "revision=\"${REVISION}\"")
                .contains(TITLE + "created=\"${CREATED}\"")
                .contains(TITLE + "base.name=\"docker.io/library/" + runtime.base() + "\"");
    }

    @Test
    void standInsOfTheComposeTestHaveTheNamesOfTheRealImages() throws IOException {
        // given
        String script = Files.readString(PROJECT.resolve("scripts/test-compose"));

        // then
        assertThat(script)
                .contains("stand_in " + stage("build").base() + " ")
                .contains("stand_in " + stage("runtime").base() + " ");
    }

    private static Stage stage(String name) {
        Optional<Stage> found =
                stages.stream().filter(stage -> stage.name().equals(name)).findFirst();
        assertThat(found).as("stage %s", name).isPresent();
        return found.orElseThrow();
    }
}
