package comfyserverless.handlers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "comfyserverless.handlers",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule no_arrow_to_the_runner =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.runner..",
                            "comfyserverless.nodeapi..",
                            "comfyserverless.diffusion..",
                            "comfyserverless.localstack..",
                            "ai.djl..");

    @ArchTest
    static final ArchRule the_aws_sdk_stays_behind_the_ports =
            noClasses().should().dependOnClassesThat().resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule only_the_caller_of_webhooks_knows_apaches_client =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("comfyserverless.handlers.webhook")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.hc..");
}
