package io.lightline.backplane;

import java.util.Optional;

/**
 * How far a source has been copied into a channel. The value is the source's own (Salesforce: the replay id as base64)
 * and is only compared for equality.
 *
 * @param expected the checkpoint that must be in force; empty for the very first one
 * @param next the checkpoint that takes its place
 */
public record Checkpoint(Optional<String> expected, String next) {}
