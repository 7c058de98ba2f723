package io.lightline.platform;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What there is to say when a ConfigMap or Secret with the configuration cannot be read. */
final class KubernetesComplaint {

    /** Whose stack frames tell that it failed there. */
    private static final String READER = "io.quarkus.kubernetes.config.";

    private KubernetesComplaint() {}

    /** One line that names the object; empty when a start failed for something else. */
    static Optional<String> in(Throwable failure) {
        List<Throwable> causes =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
        if (causes.stream().noneMatch(KubernetesComplaint::isOfReader)) {
            return Optional.empty();
        }
        return Optional.of("Configuration cannot be read from Kubernetes: "
                + causes.stream()
                        .filter(KubernetesClientException.class::isInstance)
                        .map(KubernetesClientException.class::cast)
                        .findFirst()
                        .map(KubernetesComplaint::reason)
                        .orElseGet(() -> text(causes.getLast())));
    }

    private static boolean isOfReader(Throwable cause) {
        return Stream.of(cause.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(READER));
    }

    /** What the API server said; what the client was about, and why it failed, when no answer came. */
    private static String reason(KubernetesClientException failure) {
        Status status = failure.getStatus();
        if (status != null && status.getMessage() != null) {
            return status.getMessage();
        }
        Throwable cause = failure.getCause();
        return cause == null ? text(failure) : text(failure) + " (" + text(cause) + ")";
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
