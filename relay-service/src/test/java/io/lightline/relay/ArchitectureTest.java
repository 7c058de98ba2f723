package io.lightline.relay;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String RELAY = "io.lightline.relay";

    @Test
    void arrowsPointFromTheSocketToTheBackplane() {
        var classes = new ClassFileImporter()
                .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(RELAY);

        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("endpoint")
                .definedBy(RELAY + ".endpoint")
                .layer("ops")
                .definedBy(RELAY + ".ops")
                .layer("api")
                .definedBy(RELAY + ".api")
                .layer("control")
                .definedBy(RELAY + ".control")
                .layer("admission")
                .definedBy(RELAY + ".admission")
                .layer("session")
                .definedBy(RELAY + ".session")
                .layer("hub")
                .definedBy(RELAY + ".hub")
                .layer("recovery")
                .definedBy(RELAY + ".recovery")
                .layer("presence")
                .definedBy(RELAY + ".presence")
                .layer("filter")
                .definedBy(RELAY + ".filter")
                .layer("tenant")
                .definedBy(RELAY + ".tenant")
                .layer("wayback")
                .definedBy(RELAY + ".wayback")
                .layer("protocol")
                .definedBy(RELAY + ".protocol")
                .whereLayer("endpoint")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("ops")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("control")
                .mayOnlyBeAccessedByLayers("api", "ops")
                .whereLayer("admission")
                .mayOnlyBeAccessedByLayers("endpoint", "ops")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("endpoint", "control", "api", "ops")
                .whereLayer("hub")
                .mayOnlyBeAccessedByLayers("session", "control", "endpoint", "ops")
                .whereLayer("recovery")
                .mayOnlyBeAccessedByLayers("hub")
                .whereLayer("tenant")
                .mayOnlyBeAccessedByLayers("session", "control", "endpoint", "api", "ops")
                .whereLayer("presence")
                .mayOnlyBeAccessedByLayers("session", "ops")
                .whereLayer("filter")
                .mayOnlyBeAccessedByLayers("session", "hub", "tenant", "protocol", "api")
                .whereLayer("wayback")
                .mayOnlyBeAccessedByLayers("session", "api")
                .check(classes);
    }
}
