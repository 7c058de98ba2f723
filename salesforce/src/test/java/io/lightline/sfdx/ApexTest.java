package io.lightline.sfdx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Apex classes mean something: every type, method and field that they name exists, on the platform or in this project's
 * metadata. What they do is tested by Apex tests, which need an org.
 */
class ApexTest {

    @Test
    void everythingThatApexNamesExists() throws Exception {
        // when
        Run check = check(SfdxProject.FOLDER);

        // then
        assertThat(check.output()).isEmpty();
        assertThat(check.exitCode()).isZero();
    }

    @Test
    void whatDoesNotExistIsNoticed(@TempDir Path folder) throws Exception {
        // given
        SfdxProject.copyTo(folder);
        Path classes = folder.resolve("force-app/main/default/classes");
        Files.copy(classes.resolve("LightlineTokens.cls-meta.xml"), classes.resolve("Wrong.cls-meta.xml"));
        Files.writeString(classes.resolve("Wrong.cls"), """
                public class Wrong {
                    public static void keyId(Auth.JWT token) {
                        token.setKeyId('acme');
                    }

                    public static String colour(Lightline_Lab__e event) {
                        return event.Colour__c;
                    }

                    public static Map<String, String> tokens() {
                        return LightlineTokens.forRecords(new List<String>());
                    }
                }
                """);

        // when
        Run check = check(folder);

        // then
        assertThat(check.exitCode()).isNotZero();
        assertThat(check.output().lines().filter(line -> !line.endsWith("Wrong.cls")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("No matching method found for 'setKeyId' on 'Auth.JWT'"),
                        line -> assertThat(line).contains("Unknown field 'Colour__c'"),
                        line -> assertThat(line).contains("No matching method found for 'forRecords'"));
    }

    private static Run check(Path folder) throws IOException, InterruptedException {
        return Run.of(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.apexdevtools.apexls.CheckForIssues",
                        "--nocache",
                        "--workspace",
                        folder.toString(),
                        "--detail",
                        "warnings"));
    }
}
