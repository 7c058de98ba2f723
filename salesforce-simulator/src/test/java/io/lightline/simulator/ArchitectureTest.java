package io.lightline.simulator;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void packagesDependOnlyDownwards() {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.lightline.simulator");

        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("control")
                .definedBy("..simulator.control")
                .layer("load")
                .definedBy("..simulator.load")
                .layer("pubsub")
                .definedBy("..simulator.pubsub")
                .layer("streaming")
                .definedBy("..simulator.streaming")
                .layer("oauth")
                .definedBy("..simulator.oauth")
                .layer("rest")
                .definedBy("..simulator.rest")
                .layer("org")
                .definedBy("..simulator.org")
                .layer("fault")
                .definedBy("..simulator.fault")
                .layer("event")
                .definedBy("..simulator.event")
                .whereLayer("control")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("load")
                .mayOnlyBeAccessedByLayers("control")
                .whereLayer("pubsub")
                .mayOnlyBeAccessedByLayers("control", "load")
                .whereLayer("streaming")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("oauth")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("rest")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("org")
                .mayOnlyBeAccessedByLayers("control", "load", "pubsub", "streaming", "oauth", "rest")
                .whereLayer("fault")
                .mayOnlyBeAccessedByLayers("control", "pubsub", "org")
                .check(classes);
    }
}
