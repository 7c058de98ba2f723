/** The HTTP server API: what a tenant's own back end may do. */
@NullMarked
package io.lightline.relay.api;

import org.jspecify.annotations.NullMarked;
