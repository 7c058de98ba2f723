/** The orgs and topics that are to be read, as configured, and changes of that while the publisher runs. */
@NullMarked
package io.lightline.publisher.plan;

import org.jspecify.annotations.NullMarked;
