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
    void allUseRoutesOnlyReadersUsePlansAndLeasesAndNobodyUsesOps() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.lightline.publisher..")
                .layer("ops")
                .definedBy("..publisher.ops..")
                .layer("bridge")
                .definedBy("..publisher.bridge..")
                .layer("source")
                .definedBy("..publisher.source..")
                .layer("wayback")
                .definedBy("..publisher.wayback..")
                .layer("plan")
                .definedBy("..publisher.plan..")
                .layer("resume")
                .definedBy("..publisher.resume..")
                .layer("route")
                .definedBy("..publisher.route..")
                .whereLayer("ops")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("bridge")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("source")
                .mayOnlyBeAccessedByLayers("ops")
                .whereLayer("plan")
                .mayOnlyBeAccessedByLayers("source", "wayback", "ops")
                .whereLayer("wayback")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("resume")
                .mayOnlyBeAccessedByLayers("source", "wayback")
                .whereLayer("route")
                .mayOnlyBeAccessedByLayers("bridge", "source", "plan", "resume", "wayback", "ops")
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
