package io.lightline.chart;

import java.nio.file.Path;

/** Where things are in the repository. */
final class Project {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path CHART = ROOT.resolve("helm/lightline");
    static final Path MANIFESTS = ROOT.resolve("k8s");

    /** Rewrite what is generated instead of comparing: {@code -Dupdate}. */
    static final boolean UPDATE = System.getProperty("update") != null;

    private Project() {}
}
