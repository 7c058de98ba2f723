/** The Centrifugo client protocol v2: what crosses the socket, its codes, its encodings JSON and protobuf; no decisions. */
@NullMarked
package io.lightline.relay.protocol;

import org.jspecify.annotations.NullMarked;
