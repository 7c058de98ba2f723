/** Checks of the SFDX project in this folder, as far as they can be made without an org. */
@NullMarked
package io.lightline.sfdx;

import org.jspecify.annotations.NullMarked;
