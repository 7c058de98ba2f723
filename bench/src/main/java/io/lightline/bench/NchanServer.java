package io.lightline.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nginx with nchan: one worker, messages buffered in its memory; Redis is not asked. */
final class NchanServer implements Server {

    private static final int PORT = 7304;
    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

    private final Peer peer;
    private final List<ServerProcess> processes;

    private NchanServer(Peer peer) {
        this.peer = peer;
        processes = peer.processes();
    }

    static boolean isInstalled() {
        return Peer.isInstalled("nginx") && Files.exists(MODULE);
    }

    static NchanServer start(Path output) {
        Path config = output.toAbsolutePath().resolve("nchan.conf");
        try {
            Files.writeString(config, """
                    load_module %1$s;
                    daemon off;
                    worker_processes 1;
                    worker_rlimit_nofile 19000;
                    pid %2$s/nginx.pid;
                    error_log stderr;
                    events { worker_connections 18000; }
                    http {
                      access_log off;
                      keepalive_requests 1000000000;
                      client_body_temp_path %2$s/nginx-body;
                      proxy_temp_path %2$s/nginx-proxy;
                      fastcgi_temp_path %2$s/nginx-fastcgi;
                      uwsgi_temp_path %2$s/nginx-uwsgi;
                      scgi_temp_path %2$s/nginx-scgi;
                      nchan_max_reserved_memory 128M;
                      server {
                        listen 127.0.0.1:%3$d;
                        location = /sub { nchan_subscriber websocket; nchan_channel_id $arg_id; nchan_subscriber_first_message newest; }
                        location = /pub { nchan_publisher http; nchan_channel_id $arg_id; nchan_message_buffer_length 1000; }
                      }
                    }
                    """.formatted(MODULE, config.getParent(), PORT));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + config, e);
        }
        return new NchanServer(Peer.start(output, PORT, Map.of(), "nginx", "-c", config.toString()));
    }

    @Override
    public String name() {
        return "nchan";
    }

    @Override
    public List<ServerProcess> processes() {
        return processes;
    }

    @Override
    public URI webSocket(String channel) {
        return URI.create("ws://127.0.0.1:" + PORT + "/sub?id=" + channel);
    }

    @Override
    public Optional<String> subscribe(String channel) {
        return Optional.empty();
    }

    @Override
    public boolean confirmsByOpening() {
        return true;
    }

    @Override
    public boolean confirms(String text) {
        return true;
    }

    @Override
    public Optional<String> answer(ByteBuf frame) {
        return Optional.empty();
    }

    @Override
    public Sender sender(EventLoopGroup loops) {
        return new HttpSender(
                loops,
                URI.create("http://127.0.0.1:" + PORT),
                Map.of("Content-Type", "application/json"),
                channel -> "/pub?id=" + channel,
                (_, json) -> json);
    }

    @Override
    public void close() {
        peer.close();
    }
}
