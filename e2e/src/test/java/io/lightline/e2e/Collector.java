package io.lightline.e2e;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc.TraceServiceImplBase;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** An OpenTelemetry collector, which services tell of their spans. */
final class Collector implements AutoCloseable {

    private final Server server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();

    /**
     * A span as it was told.
     *
     * @param parent empty for the first one of a trace
     */
    record Seen(
            String node,
            String trace,
            String id,
            String parent,
            String name,
            Map<String, String> attributes,
            boolean endsAfterItBegins) {}

    private Collector() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Traces())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Collector start() {
        return new Collector();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    List<Seen> spans() {
        return List.copyOf(spans);
    }

    List<Seen> spans(String name) {
        return spans.stream().filter(span -> span.name.equals(name)).toList();
    }

    private final class Traces extends TraceServiceImplBase {

        @Override
        public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
            request.getResourceSpansList()
                    .forEach(resource -> resource.getScopeSpansList().stream()
                            .flatMap(scope -> scope.getSpansList().stream())
                            .map(span -> seen(resource, span))
                            .forEach(spans::add));
            answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private static Seen seen(ResourceSpans resource, Span span) {
        Map<String, String> about = values(resource.getResource().getAttributesList());
        return new Seen(
                about.get("service.name") + "/" + about.get("service.instance.id"),
                hex(span.getTraceId().toByteArray()),
                hex(span.getSpanId().toByteArray()),
                hex(span.getParentSpanId().toByteArray()),
                span.getName(),
                values(span.getAttributesList()),
                span.getEndTimeUnixNano() >= span.getStartTimeUnixNano());
    }

    private static Map<String, String> values(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        attribute -> attribute.getValue().hasStringValue()
                                ? attribute.getValue().getStringValue()
                                : "" + attribute.getValue().getIntValue()));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
