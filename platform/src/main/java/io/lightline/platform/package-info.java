/** What the services take from where they run: configuration from Kubernetes, traces and structured logs. */
@NullMarked
package io.lightline.platform;

import org.jspecify.annotations.NullMarked;
