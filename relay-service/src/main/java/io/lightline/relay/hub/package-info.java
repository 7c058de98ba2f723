/** Which local subscribers listen to which channel, and the fan-out to them per event loop. */
@NullMarked
package io.lightline.relay.hub;

import org.jspecify.annotations.NullMarked;
