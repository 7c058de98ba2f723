package io.lightline.publisher;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.lightline.publisher", "io.lightline.salesforce");

    @Test
    void bridgeAndResumeUseRoutesAndNobodyUsesOps() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.lightline.publisher..")
                .layer("ops")
                .definedBy("..publisher.ops..")
                .layer("bridge")
                .definedBy("..publisher.bridge..")
                .layer("resume")
                .definedBy("..publisher.resume..")
                .layer("route")
                .definedBy("..publisher.route..")
                .whereLayer("ops")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("bridge")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("resume")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("route")
                .mayOnlyBeAccessedByLayers("bridge", "resume")
                .check(classes);
    }

    @Test
    void connectorKnowsNothingOfRelaysRedisAndQuarkus() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("io.lightline.salesforce..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lightline.publisher..", "io.lightline.backplane..", "io.vertx..", "io.quarkus..")
                .check(classes);
    }

    @Test
    void eventsAndLoginKnowNothingOfTheStreams() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage("io.lightline.salesforce.event..", "io.lightline.salesforce.auth..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lightline.salesforce", "io.lightline.salesforce.pubsub..", "io.grpc..")
                .check(classes);
    }
}
