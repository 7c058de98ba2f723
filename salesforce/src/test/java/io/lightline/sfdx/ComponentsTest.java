package io.lightline.sfdx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code npm run verify} says of the Lightning Web Components: format (Apex and XML too), ESLint, Jest, size. */
class ComponentsTest {

    private static final Path LOCK = SfdxProject.FOLDER.resolve("package-lock.json");
    private static final Path INSTALLED = SfdxProject.FOLDER.resolve("node_modules/.lightline-installed");

    @Test
    void formatLintJestAndSizeAreAsTheyShouldBe() throws Exception {
        // given
        install();

        // when
        Run verify = npm("run", "verify");

        // then
        System.out.println(verify.output());
        assertThat(verify.exitCode()).as(verify.output()).isZero();
    }

    /** Installs what the lock file names, unless just that is there. */
    private static void install() throws IOException, InterruptedException {
        if (Files.exists(INSTALLED) && Files.mismatch(LOCK, INSTALLED) == -1) {
            return;
        }
        Run install = npm("ci", "--no-audit", "--no-fund");
        assertThat(install.exitCode()).as(install.output()).isZero();
        Files.copy(LOCK, INSTALLED);
    }

    private static Run npm(String... arguments) throws IOException, InterruptedException {
        return Run.of(
                SfdxProject.FOLDER,
                Stream.concat(Stream.of("npm"), Stream.of(arguments)).toList());
    }
}
