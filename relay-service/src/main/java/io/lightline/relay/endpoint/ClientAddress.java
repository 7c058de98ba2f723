package io.lightline.relay.endpoint;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What counts as one address: an IPv4 address, or the 64 bits of an IPv6 network, of which one customer has all addresses. */
final class ClientAddress {

    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    /** Empty when there is none, as with a Unix domain socket. */
    static Optional<String> of(@Nullable SocketAddress remote) {
        return Optional.ofNullable(remote).map(SocketAddress::host).map(ClientAddress::network);
    }

    private static String network(String host) {
        try {
            return InetAddress.ofLiteral(host) instanceof Inet6Address address ? prefix(address) : host;
        } catch (IllegalArgumentException e) {
            // A name, which a proxy may put into its header.
            return host;
        }
    }

    private static String prefix(Inet6Address address) {
        return HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)) + "/64";
    }
}
