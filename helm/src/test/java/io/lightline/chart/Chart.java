package io.lightline.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A rendering to be made: of our chart, with what Helm 3 (as a library) makes of values. Hooks are rendered as plain objects. */
record Chart(Path folder, List<Path> valuesFiles, String kubernetes) {

    static final String NEWEST = "1.35.0";

    /** What every installation has in common. */
    static final String RELEASE = "lightline";

    private static final String HOOK =
            "(dict \"helm.sh/hook\" \"test\" \"helm.sh/hook-delete-policy\" \"before-hook-creation\")";

    /** With one of the files in {@code ci/}, by its first word. */
    static Chart with(String values) {
        return withFiles(ci(values));
    }

    static Chart withFiles(Path... files) {
        return new Chart(Project.CHART, List.of(files), NEWEST);
    }

    /** With values as YAML, on top of one of the files in {@code ci/}. */
    static Chart with(String values, String yaml) {
        return withFiles(ci(values), write(yaml));
    }

    static Chart withNothingBut(String yaml) {
        return withFiles(write(yaml));
    }

    static Path ci(String values) {
        return Project.CHART.resolve("ci/" + values + "-values.yaml");
    }

    /** The first words of the files in {@code ci/}. */
    static Stream<String> examples() {
        try (var files = Files.list(Project.CHART.resolve("ci"))) {
            return files
                    .map(file -> file.getFileName().toString().replace("-values.yaml", ""))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Chart on(String kubernetesVersion) {
        return new Chart(folder, valuesFiles, kubernetesVersion);
    }

    /** With the pod of {@code helm test} among the objects, which helm-java otherwise leaves out. */
    Chart includingTheTest() {
        try {
            Path copy = Files.createTempDirectory(Path.of("target"), "chart");
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = copy.resolve(folder.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.writeString(target, Files.readString(file).replace(HOOK, ""));
                }
            }
            return new Chart(copy, valuesFiles, kubernetes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Rendering render() {
        return Rendering.of(text());
    }

    /** The manifests as Helm prints them. */
    String text() {
        return text(Cluster.EMPTY);
    }

    /** The same, when these Secrets are in the cluster already. */
    String text(Map<String, Map<String, String>> secrets) {
        Cluster.shared().holds(secrets);
        TemplateCommand command = new Helm(folder)
                .template()
                .withName(RELEASE)
                .withNamespace(RELEASE)
                .withKubeVersion(kubernetes);
        valuesFiles.forEach(command::withValuesFile);
        return command.call();
    }

    private static Path write(String yaml) {
        try {
            return Files.writeString(Files.createTempFile(Path.of("target"), "values", ".yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(valuesFiles.stream().map(Path::getFileName).toArray()) + " on " + kubernetes;
    }
}
