package io.lightline.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KubernetesComplaintTest {

    @Test
    void aRefusalIsToldInTheWordsOfTheApiServer() {
        // given
        var forbidden = new KubernetesClientException(
                "Failure executing: GET at: https://…",
                403,
                new StatusBuilder()
                        .withMessage("secrets \"relay\" is forbidden")
                        .build());

        // then
        assertThat(KubernetesComplaint.in(new IllegalStateException("outer", ofReader("Unable to obtain", forbidden))))
                .contains("Configuration cannot be read from Kubernetes: secrets \"relay\" is forbidden");
    }

    @Test
    void anObjectThatIsMissingIsNamed() {
        assertThat(KubernetesComplaint.in(ofReader(
                        "Unable to obtain", ofReader("ConfigMap 'relay' not found\n in namespace 'prod'", null))))
                .contains(
                        "Configuration cannot be read from Kubernetes: ConfigMap 'relay' not found in namespace 'prod'");
    }

    @Test
    void withoutAnAnswerItSaysWhatWasAskedForAndWhatHappened() {
        // given
        var unreachable = new KubernetesClientException(
                "Operation: [get] for kind: [ConfigMap] with name: [relay] in namespace: [prod] failed.",
                new IOException("Connection refused"));

        // then
        assertThat(KubernetesComplaint.in(ofReader("Unable to obtain", unreachable)))
                .contains(
                        "Configuration cannot be read from Kubernetes: Operation: [get] for kind: [ConfigMap] with name:"
                                + " [relay] in namespace: [prod] failed. (Connection refused)");
    }

    @Test
    void whatFailedElsewhereIsNotTalkedAbout() {
        assertThat(KubernetesComplaint.in(new IllegalStateException("Port in use")))
                .isEmpty();
    }

    private static RuntimeException ofReader(String message, @Nullable Throwable cause) {
        var failure = new RuntimeException(message, cause);
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("io.quarkus.kubernetes.config.runtime.Reader", "read", "Reader.java", 1)
        });
        return failure;
    }
}
