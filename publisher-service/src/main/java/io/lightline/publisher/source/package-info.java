/** Reads the topics that this replica has a lease for: one stream each, all merged into one. */
@NullMarked
package io.lightline.publisher.source;

import org.jspecify.annotations.NullMarked;
