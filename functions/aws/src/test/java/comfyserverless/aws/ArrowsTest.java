package comfyserverless.aws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Which way this module looks.
@AnalyzeClasses(packages = "comfyserverless", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule only_aws_imports_the_sdk =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("comfyserverless.aws..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule aws_knows_the_contract_and_the_sdk_only =
            classes()
                    .that()
                    .resideInAPackage("comfyserverless.aws..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.aws..",
                            "comfyserverless.contract..",
                            "software.amazon..",
                            "java..",
                            "org.jspecify..",
                            "org.slf4j..");

    @ArchTest
    static final ArchRule adapters_do_not_know_one_another =
            slices().matching("comfyserverless.aws.(*)..").should().notDependOnEachOther();
}
