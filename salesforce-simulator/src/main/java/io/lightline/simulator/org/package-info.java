/** The simulated orgs: who may log in, which topics and objects there are, and each org's bus. */
@NullMarked
package io.lightline.simulator.org;

import org.jspecify.annotations.NullMarked;
