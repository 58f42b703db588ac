package comfyserverless.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Which way this module looks.
@AnalyzeClasses(
        packages = "comfyserverless.admin",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule admin_knows_the_contract_and_its_adapters_only =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "comfyserverless.admin..",
                            "comfyserverless.aws..",
                            "comfyserverless.contract..",
                            "com.fasterxml.jackson..",
                            "software.amazon..",
                            "picocli..",
                            "java..",
                            "org.jspecify..");

    @ArchTest
    static final ArchRule only_the_target_knows_AWS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("comfyserverless.admin.target..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("comfyserverless.aws..", "software.amazon..");

    @ArchTest
    static final ArchRule what_is_done_knows_no_command_line =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "comfyserverless.admin.model..", "comfyserverless.admin.report..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule packages_form_no_cycle =
            slices().matching("comfyserverless.admin.(*)..").should().beFreeOfCycles();
}
