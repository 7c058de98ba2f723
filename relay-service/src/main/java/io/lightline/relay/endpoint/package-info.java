/** The WebSocket endpoint and its sockets: handshake, frames in, frames out; no decisions. */
@NullMarked
package io.lightline.relay.endpoint;

import org.jspecify.annotations.NullMarked;
