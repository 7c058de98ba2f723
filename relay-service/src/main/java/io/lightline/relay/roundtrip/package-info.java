/** The chart's {@code helm test}: a program of its own in the relay's image, which proves that messages flow from pod to pod. */
@NullMarked
package io.lightline.relay.roundtrip;

import org.jspecify.annotations.NullMarked;
