/** The Centrifugo client protocol v2 in JSON: what crosses the socket, its codes and its encoding; no decisions. */
@NullMarked
package io.lightline.relay.protocol;

import org.jspecify.annotations.NullMarked;
