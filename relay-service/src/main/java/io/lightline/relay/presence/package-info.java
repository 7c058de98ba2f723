/** Who of this pod's clients is on which channel, as all pods know it. */
@NullMarked
package io.lightline.relay.presence;

import org.jspecify.annotations.NullMarked;
