package comfyserverless.diffusion;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rules of the tree: DJL stays behind `torch`, and packages depend in one direction.
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("comfyserverless.diffusion");

    @Test
    void only_the_torch_package_knows_djl() {
        noClasses()
                .that()
                .resideOutsideOfPackage("comfyserverless.diffusion.torch")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .because(
                        "bf16 and fp8 arrays crash the JVM in DJL's methods, and the binding must"
                                + " stay exchangeable")
                .check(CLASSES);
    }

    @Test
    void inside_torch_only_host_copies_touch_arrays() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("comfyserverless.diffusion.torch.HostCopies")
                .and()
                .doNotHaveFullyQualifiedName("comfyserverless.diffusion.torch.Torch")
                .should()
                .dependOnClassesThat()
                .haveSimpleNameStartingWith("PtNDArray")
                .because("DJL's arrays know fewer element types than PyTorch")
                .check(CLASSES);
    }

    @Test
    void torch_knows_nothing_of_models() {
        noClasses()
                .that()
                .resideInAPackage("comfyserverless.diffusion.torch")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "comfyserverless.diffusion",
                        "comfyserverless.diffusion.weights..",
                        "comfyserverless.diffusion.text..",
                        "comfyserverless.diffusion.unet..",
                        "comfyserverless.diffusion.vae..",
                        "comfyserverless.diffusion.clip..",
                        "comfyserverless.diffusion.sampling..")
                .check(CLASSES);
    }

    @Test
    void prompts_and_samplers_need_no_device() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "comfyserverless.diffusion.text", "comfyserverless.diffusion.sampling")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("comfyserverless.diffusion.torch")
                                .and(not(simpleName("HostTensor")))
                                .and(not(simpleName("Shapes"))))
                .because("samplers are pure functions that give the same numbers on every machine")
                .check(CLASSES);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("comfyserverless.diffusion.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
