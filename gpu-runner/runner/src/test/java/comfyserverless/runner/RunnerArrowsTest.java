package comfyserverless.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What the runner may lean on.
@AnalyzeClasses(
        packages = "comfyserverless.runner",
        importOptions = ImportOption.DoNotIncludeTests.class)
class RunnerArrowsTest {
    @ArchTest
    static final ArchRule no_arrow_to_the_handlers =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("comfyserverless.handlers..");

    @ArchTest
    static final ArchRule djl_stays_in_diffusion =
            noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule the_aws_sdk_stays_in_aws =
            noClasses().should().dependOnClassesThat().resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule only_the_container_process_knows_aws =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("comfyserverless.runner")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("comfyserverless.aws..");

    @ArchTest
    static final ArchRule the_engine_knows_no_node =
            noClasses()
                    .that()
                    .resideInAPackage("comfyserverless.runner.run..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.runner.nodes..",
                            "comfyserverless.runner.claim..",
                            "comfyserverless.diffusion..");

    @ArchTest
    static final ArchRule pictures_know_nothing_but_pictures =
            noClasses()
                    .that()
                    .resideInAPackage("comfyserverless.runner.image..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("comfyserverless.contract..", "comfyserverless.nodeapi..");
}
