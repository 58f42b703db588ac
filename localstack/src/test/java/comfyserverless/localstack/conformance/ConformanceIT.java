package comfyserverless.localstack.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import comfyserverless.contract.conformance.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every recorded case of the real server against a running local stack, under `/` and then under `/api`.
///
/// `-Dconformance.dir=DIR` (a full path) replays another corpus folder, with its own files, data and fixtures.
class ConformanceIT {
    private static final ExpectedDifferences DIFFERENCES = ExpectedDifferences.read();

    @Nested
    class OfOneUser {
        @TempDir private static Path folder;
        private static ReplayedStack stack;

        @BeforeAll
        static void start() throws IOException {
            stack = ReplayedStack.start(folder);
        }

        @AfterAll
        static void stop() {
            stack.close();
        }

        @TestFactory
        Stream<DynamicContainer> answers_as_the_real_server_did() throws IOException {
            return Stream.of(cases(stack, "single", ""), cases(stack, "single", "/api"));
        }

        @TestFactory
        Stream<DynamicNode> notices_when_an_expectation_is_changed() {
            List<Recordings.Case> passing =
                    Recordings.all().stream()
                            .filter(c -> DIFFERENCES.reason(c.file()).isEmpty())
                            .toList();
            return Mutations.of(passing).stream()
                    .map(mutated ->
                            dynamicTest(
                                    mutated.name(),
                                    () -> {
                                        Replayer replayer = new Replayer(stack.uri(), "");
                                        assertThat(replayer.difference(mutated.original()))
                                                .isEmpty();
                                        assertThat(replayer.difference(mutated.changed()))
                                                .isPresent();
                                    }));
        }
    }

    @Nested
    class OfSeveralUsers {
        @TempDir private static Path folder;
        private static ReplayedStack stack;

        @BeforeAll
        static void start() throws IOException {
            stack = ReplayedStack.start(folder, "--multi-user");
        }

        @AfterAll
        static void stop() {
            stack.close();
        }

        @TestFactory
        Stream<DynamicContainer> answers_as_the_real_server_did() throws IOException {
            return Stream.of(cases(stack, "multi-user", ""), cases(stack, "multi-user", "/api"));
        }
    }

    private static DynamicContainer cases(ReplayedStack stack, String profile, String prefix)
            throws IOException {
        Replayer replayer = new Replayer(stack.uri(), prefix);
        List<DynamicTest> tests =
                Recordings.all().stream()
                        .filter(c -> c.json().path("profile").asText("single").equals(profile))
                        .filter(c -> !c.is("quirk") && !c.is("py-heap"))
                        .filter(c -> prefix.isEmpty() || !c.json().path("no_prefix").asBoolean())
                        .map(c -> test(replayer, c))
                        .toList();
        return dynamicContainer(prefix.isEmpty() ? "/" : prefix, tests);
    }

    private static DynamicTest test(Replayer replayer, Recordings.Case recorded) {
        Optional<String> listed = DIFFERENCES.reason(recorded.file());
        if (listed.isEmpty()) {
            return dynamicTest(
                    recorded.toString(),
                    () ->
                            assertThat(replayer.difference(recorded.json()))
                                    .as(recorded.json().path("why").asText())
                                    .isEmpty());
        }
        return dynamicTest(
                recorded + " differs: " + listed.get(),
                () ->
                        assertThat(replayer.difference(recorded.json()))
                                .as("%s passes: take it off the list", recorded)
                                .isPresent());
    }
}
