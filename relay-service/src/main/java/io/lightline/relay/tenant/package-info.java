/** Who may do what: tenants, their tokens, their channels. */
@NullMarked
package io.lightline.relay.tenant;

import org.jspecify.annotations.NullMarked;
