package io.lightline.localstack;

/** Where the output of the services goes, line by line. Called on one thread per service; must not block for long. */
@FunctionalInterface
public interface StackLog {

    /** A line that the service has printed, without its end. */
    void line(String service, String text);
}
