package org.hone.spark;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.hone");

    @Test
    void onlySparkJobsKnowsSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.hone.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "scala..", "org.apache.hadoop..")
                .check(CLASSES);
    }

    @Test
    void modelAndDataAreIndependent() {
        noClasses()
                .that()
                .resideInAPackage("org.hone.model..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.hone.data..")
                .check(CLASSES);
    }

    @Test
    void onlyTheTensorLayerAndTheProcessGroupsKnowLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.hone.model.tensor..", "org.hone.model.distributed..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("org.hone.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("org.hone.data.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("org.hone.model.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("org.hone.spark.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noImplementationInheritance() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotRecords()
                .and()
                .areNotAnonymousClasses()
                .and()
                .areNotAssignableTo(Exception.class)
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .check(CLASSES);
    }
}
