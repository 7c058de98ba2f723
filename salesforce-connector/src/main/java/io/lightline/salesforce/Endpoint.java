package io.lightline.salesforce;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the Pub/Sub API is.
 *
 * @param plaintext without TLS, for a simulator
 * @param trusted PEM file with the certificates to trust instead of the JVM's, for the login too
 */
public record Endpoint(String host, int port, boolean plaintext, Optional<Path> trusted) {}
