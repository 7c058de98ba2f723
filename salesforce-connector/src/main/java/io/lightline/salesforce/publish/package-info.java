/** The way back: JSON becomes events of a topic's schema, published over one stream per topic. */
@NullMarked
package io.lightline.salesforce.publish;

import org.jspecify.annotations.NullMarked;
