package comfyserverless.localstack;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The local stack only joins the other modules: its emulators know none of them, and its gateway no emulator.
@AnalyzeClasses(
        packages = "comfyserverless.localstack",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule EMULATORS_KNOW_NOTHING_OF_COMFY =
            noClasses()
                    .that()
                    .resideInAPackage("..localstack.emulator..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.contract..",
                            "comfyserverless.aws..",
                            "comfyserverless.handlers..",
                            "comfyserverless.runner..",
                            "comfyserverless.localstack.gateway..",
                            "comfyserverless.localstack.stack..");

    @ArchTest
    static final ArchRule THE_GATEWAY_KNOWS_NO_EMULATOR_AND_NO_RUNNER =
            noClasses()
                    .that()
                    .resideInAPackage("..localstack.gateway..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.localstack.emulator..",
                            "comfyserverless.localstack.stack..",
                            "comfyserverless.runner..");

    @ArchTest
    static final ArchRule ONLY_THE_STACK_JOINS_FUNCTIONS_AND_RUNNERS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..localstack.stack..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("comfyserverless.runner..");
}
