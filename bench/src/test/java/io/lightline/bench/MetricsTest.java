package io.lightline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {

    private final Metrics metrics = new Metrics("""
            # HELP lightline_closes_total
            lightline_closes_total{code="3008"} 2.0
            lightline_closes_total{code="3013"} 1.0
            lightline_connections 17.0
            lightline_connections_other 4.0
            jvm_memory_used_bytes{area="heap",id="Eden"} 1.0E3
            jvm_memory_used_bytes{area="heap",id="Old"} 24.0
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 5.0
            """);

    @Test
    void addsUpWhatHasTheLabels() {
        assertThat(metrics.heapBytes()).isEqualTo(1024);
        assertThat(metrics.closes(3008)).isEqualTo(2);
    }

    @Test
    void doesNotTakeALongerNameForTheSameMetric() {
        assertThat(metrics.connections()).isEqualTo(17);
    }

    @Test
    void whatIsNotThereIsZero() {
        assertThat(metrics.closes(3501)).isZero();
    }
}
