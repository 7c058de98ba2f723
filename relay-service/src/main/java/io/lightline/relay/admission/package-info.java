/** Which sockets may open: the limits that hold before anybody has said who they are, and the end of the pod. */
@NullMarked
package io.lightline.relay.admission;

import org.jspecify.annotations.NullMarked;
