package io.lightline.localstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The programs of a stack, each built by Maven in its module. */
enum Program {
    SIMULATOR("salesforce-simulator"),
    RELAY("relay-service"),
    PUBLISHER("publisher-service");

    private final String module;

    Program(String module) {
        this.module = module;
    }

    Path jar(Path project) {
        return project.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }

    /** The folder of the project: this one, or the nearest one above it that has our modules. */
    static Path project() {
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(RELAY.module))) {
                return folder;
            }
        }
        throw new StackException("Not inside the project: no folder " + RELAY.module + " above " + here);
    }

    /** @throws StackException that names every jar that is not there */
    static void requireBuilt(Path project) {
        String missing = Arrays.stream(values())
                .map(program -> program.jar(project))
                .filter(jar -> !Files.exists(jar))
                .map(jar -> project.relativize(jar).toString())
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new StackException("Not built (`make run` does it, or `mvn package`): " + missing);
        }
    }
}
