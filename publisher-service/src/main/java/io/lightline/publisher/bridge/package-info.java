/** Salesforce events in, publications out: the pipeline. */
@NullMarked
package io.lightline.publisher.bridge;

import org.jspecify.annotations.NullMarked;
