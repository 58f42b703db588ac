package comfyserverless.routeapi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The SPI of route packs knows the contract and JSON, no handler and no cloud.
@AnalyzeClasses(
        packages = "comfyserverless.routeapi",
        importOptions = ImportOption.DoNotIncludeTests.class)
class RouteApiArrowsTest {
    @ArchTest
    static final ArchRule IT_DEPENDS_ON_THE_CONTRACT_ONLY =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.routeapi..",
                            "comfyserverless.contract..",
                            "com.fasterxml.jackson..",
                            "org.jspecify..",
                            "java..");
}
