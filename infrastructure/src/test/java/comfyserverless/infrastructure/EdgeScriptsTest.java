package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// CloudFront's scripts, run by Node on one event each.
class EdgeScriptsTest {
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "edge-cases.csv", delimiter = '|', numLinesToSkip = 1)
    void a_script_makes_of_an_event_what_the_next_station_needs(
            String name, String script, String event, String outcome)
            throws IOException, InterruptedException {
        Optional<Path> node = Node.find(System.getenv());
        assumeTrue(node.isPresent(), Node.MISSING);
        String program =
                EdgeFunctions.script(script)
                        + "\nvar r = handler("
                        + event
                        + ");\nconsole.log("
                        + outcome
                        + ")";
        Process process =
                new ProcessBuilder(node.orElseThrow().toString(), "-e", program)
                        .redirectErrorStream(true)
                        .start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed.strip()).as(name).isEqualTo("true");
    }
}
