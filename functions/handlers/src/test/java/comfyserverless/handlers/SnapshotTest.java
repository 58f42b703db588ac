package comfyserverless.handlers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Functions start from a snapshot: what it holds, each of them holds. The platform gives `SecureRandom` (and
/// with it `UUID.randomUUID`) fresh seeds when one is restored; every other generator would give all
/// functions the same numbers.
@AnalyzeClasses(
        packages = "comfyserverless",
        importOptions = {ImportOption.DoNotIncludeTests.class, SnapshotTest.WithoutTestJars.class})
class SnapshotTest {
    /// Fakes of other modules are no part of a function.
    static final class WithoutTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule no_generator_of_random_numbers_is_in_a_snapshot =
            noClasses()
                    .should()
                    .accessClassesThat()
                    .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class);

    @ArchTest
    static final ArchRule nor_one_that_somebody_else_made =
            noClasses()
                    .should()
                    .callMethod(RandomGenerator.class, "getDefault")
                    .orShould()
                    .callMethod(RandomGenerator.class, "of", String.class)
                    .orShould()
                    .callMethod(Math.class, "random");
}
