package comfyserverless.infrastructure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "comfyserverless", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule infrastructure_reads_definitions_from_contract_only =
            noClasses()
                    .that()
                    .resideInAPackage("comfyserverless.infrastructure..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.aws..",
                            "comfyserverless.handlers..",
                            "comfyserverless.runner..",
                            "comfyserverless.diffusion..");
}
