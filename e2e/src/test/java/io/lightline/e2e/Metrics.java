package io.lightline.e2e;

import java.net.URI;

/** What a relay says about itself at {@code /q/metrics}, in Prometheus' text format. */
record Metrics(URI uri) {

    /**
     * The sum of the samples whose line begins with a name and has all of these labels.
     *
     * @param labels as they are written, for example {@code code="3008"}
     */
    double sum(String name, String... labels) {
        return Http.get(uri)
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> hasAll(line, labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Connections that the relay has closed with a code. */
    int closes(int code) {
        return (int) sum("lightline_closes_total", "code=\"" + code + "\"");
    }

    /** Bytes outside the heap that Netty holds for sockets. */
    long directBytes() {
        return (long) sum("netty_allocator_memory_used", "memory_type=\"direct\"");
    }

    private static boolean hasAll(String line, String... labels) {
        for (String label : labels) {
            if (!line.contains(label)) {
                return false;
            }
        }
        return true;
    }
}
