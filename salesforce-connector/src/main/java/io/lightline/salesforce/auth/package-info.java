/** Who we are to Salesforce: logging in, and the one token that all calls of a connector share. */
@NullMarked
package io.lightline.salesforce.auth;

import org.jspecify.annotations.NullMarked;
