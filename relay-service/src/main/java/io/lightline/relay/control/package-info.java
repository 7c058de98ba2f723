/** What pods say to each other: what a back end wants done with clients that are on another pod, and who is where. */
@NullMarked
package io.lightline.relay.control;

import org.jspecify.annotations.NullMarked;
