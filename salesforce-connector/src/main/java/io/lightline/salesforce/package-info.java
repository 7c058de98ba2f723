/** The SmallRye connector {@code salesforce-pubsub} and its configuration. */
@NullMarked
package io.lightline.salesforce;

import org.jspecify.annotations.NullMarked;
