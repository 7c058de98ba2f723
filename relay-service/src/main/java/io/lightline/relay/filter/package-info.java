/** Which publications a subscription gets: filters on tags and payload fields. Pure logic over what was published. */
@NullMarked
package io.lightline.relay.filter;

import org.jspecify.annotations.NullMarked;
