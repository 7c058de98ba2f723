package io.lightline.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The real helm against an API server that validates strictly: from installation to the end. */
class LifeTest {

    private static final String CHART = Project.CHART.toString();

    @Test
    void aReleaseIsInstalledTestedUpgradedRolledBackAndUninstalled() {
        // given
        Cluster cluster = Cluster.shared();
        cluster.holds(Cluster.EMPTY);

        // when
        String installed = helm(
                "install",
                "lightline",
                CHART,
                "--wait",
                "--timeout=60s",
                "--values",
                Chart.ci("demo").toString());
        String password = password(cluster);

        // then
        assertThat(installed).contains("STATUS: deployed", "helm --namespace lightline test lightline --logs");
        assertThat(cluster.all("deployments"))
                .extracting(LifeTest::name)
                .containsExactly("lightline-publisher", "lightline-relay", "lightline-simulator", "lightline-valkey");

        // when
        String tested = helm("test", "lightline", "--timeout=60s");

        // then
        assertThat(tested).contains("Succeeded");

        // when
        helm("upgrade", "lightline", CHART, "--wait", "--timeout=60s", "--reuse-values", "--set", "relay.replicas=3");

        // then
        assertThat(relay(cluster).at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(password(cluster)).as("a password by lot stays").isEqualTo(password);

        // when
        helm("rollback", "lightline", "1", "--wait", "--timeout=60s");

        // then
        assertThat(relay(cluster).at("/spec/replicas").asInt()).isEqualTo(2);

        // when
        helm("uninstall", "lightline", "--wait", "--timeout=60s");

        // then
        assertThat(cluster.all("deployments")).isEmpty();
        assertThat(cluster.all("secrets")).isEmpty();
    }

    private static ObjectNode relay(Cluster cluster) {
        return cluster.all("deployments").stream()
                .filter(each -> name(each).equals("lightline-relay"))
                .findFirst()
                .orElseThrow();
    }

    private static String password(Cluster cluster) {
        ObjectNode secret = cluster.all("secrets").stream()
                .filter(each -> name(each).equals("lightline-valkey"))
                .findFirst()
                .orElseThrow();
        return secret.at("/data/password").asText();
    }

    private static String name(ObjectNode object) {
        return object.at("/metadata/name").asText();
    }

    private static String helm(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--namespace", "lightline"));
        HelmProgram.Result result = HelmProgram.HELM_4.helm(all.toArray(String[]::new));
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
