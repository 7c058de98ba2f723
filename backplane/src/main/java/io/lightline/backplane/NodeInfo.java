package io.lightline.backplane;

/**
 * What a relay pod tells the others about itself.
 *
 * @param id unique for the life of the process
 * @param name of the pod or host
 * @param version of Lightline
 * @param uptimeSeconds since the start of the process
 */
public record NodeInfo(String id, String name, String version, long uptimeSeconds) {}
