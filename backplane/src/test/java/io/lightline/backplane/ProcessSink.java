package io.lightline.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The one sink of a process, with the readers whose items it takes in turn, and no more of them than it has asked for. */
final class ProcessSink {

    static final int MAX_IN_FLIGHT = 150;

    private final Backplane backplane;
    private final BackplaneSink sink;
    private final List<SourceReader> readers = new ArrayList<>();
    private long demand;
    private boolean awake;

    ProcessSink(Backplane backplane) {
        this.backplane = backplane;
        sink = new BackplaneSink("out", backplane, Optional.empty(), BackplaneContract.KEEP, MAX_IN_FLIGHT);
        sink.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long more) {
                demand += more;
                assertThat(demand).isLessThanOrEqualTo(MAX_IN_FLIGHT);
                wake();
            }

            @Override
            public void cancel() {}
        });
    }

    void add(SourceReader reader) {
        readers.add(reader);
        reader.start();
    }

    List<SourceReader> readers() {
        return readers;
    }

    /** Takes what there is, a moment later. */
    void wake() {
        if (!awake) {
            awake = true;
            backplane.deliveryThread().execute(this::take);
        }
    }

    void hand(Message<?> message) {
        demand--;
        sink.onNext(message);
    }

    private void take() {
        awake = false;
        boolean some = true;
        while (some) {
            some = false;
            for (SourceReader reader : readers) {
                some |= demand > 0 && reader.handOn();
            }
        }
    }
}
