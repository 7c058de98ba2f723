/** What to replay to a client that was away, or that it cannot be done. Pure logic over positions. */
@NullMarked
package io.lightline.relay.recovery;

import org.jspecify.annotations.NullMarked;
