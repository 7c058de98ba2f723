package io.lightline.salesforce;

import io.lightline.salesforce.auth.Credentials;
import java.time.Duration;

/**
 * How to reach one org.
 *
 * @param tokenLife a token is renewed after so long; well below the session timeout of the org
 * @param maxMessageSize largest response that is taken, in bytes: up to 100 events of 1 MB each
 */
public record OrgSettings(Credentials credentials, Duration tokenLife, Endpoint endpoint, int maxMessageSize) {}
