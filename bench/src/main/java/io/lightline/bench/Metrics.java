package io.lightline.bench;

import java.util.Arrays;

/** A pod's metrics at one moment, in Prometheus' text format. */
record Metrics(String text) {

    /** The sum of a metric's samples that have all of these labels, each as it is written there. */
    double sum(String name, String... labels) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    long heapBytes() {
        return (long) sum("jvm_memory_used_bytes", "area=\"heap\"");
    }

    /** Of Netty, outside the heap. */
    long directBytes() {
        return (long) sum("netty_allocator_memory_used", "memory_type=\"direct\"");
    }

    long closes(int code) {
        return (long) sum("lightline_closes_total", "code=\"" + code + "\"");
    }

    long violations(int code) {
        return (long) sum("lightline_websocket_violations_total", "code=\"" + code + "\"");
    }

    long connections() {
        return (long) sum("lightline_connections");
    }
}
