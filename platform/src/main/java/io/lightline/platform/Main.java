package io.lightline.platform;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Starts a service. When its configuration cannot be had from Kubernetes, that is one line instead of a stack trace. */
@QuarkusMain
public final class Main {

    /** Who says that a start has failed. Held here, or what was set would be collected with it. */
    private static final Logger FAILURES = Logger.getLogger(Application.class.getName());

    private Main() {}

    public static void main(String... arguments) {
        FAILURES.setFilter(new InOneLine());
        Quarkus.run(arguments);
    }

    private record InOneLine() implements Filter {

        /** Logging is not configured yet, so this goes where Quarkus says what else is wrong with a configuration. */
        @Override
        public boolean isLoggable(LogRecord record) {
            Optional<String> complaint = Optional.ofNullable(record.getThrown()).flatMap(KubernetesComplaint::in);
            complaint.ifPresent(System.err::println);
            return complaint.isEmpty();
        }
    }
}
