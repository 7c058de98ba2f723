/** One connection's state: what it said, what it listens to, when it has to go. */
@NullMarked
package io.lightline.relay.session;

import org.jspecify.annotations.NullMarked;
