package comfyserverless.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The contract knows the JDK and JSON only, and reads nothing from its surroundings.
@AnalyzeClasses(
        packages = "comfyserverless.contract",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ContractArrowsTest {
    @ArchTest
    static final ArchRule IT_DEPENDS_ON_THE_JDK_AND_JSON_ONLY =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.contract..",
                            "com.fasterxml.jackson..",
                            "org.jspecify..",
                            "java..",
                            "javax.crypto..");

    @ArchTest
    static final ArchRule IT_READS_NO_ENVIRONMENT =
            noClasses()
                    .should()
                    .callMethod(System.class, "getenv", String.class)
                    .orShould()
                    .callMethod(System.class, "getProperty", String.class);

    @ArchTest
    static final ArchRule JSON_STANDS_BELOW_THE_REST =
            noClasses()
                    .that()
                    .resideInAPackage("comfyserverless.contract.json")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.contract.node..",
                            "comfyserverless.contract.prompt..",
                            "comfyserverless.contract.graph..",
                            "comfyserverless.contract.job..");
}
