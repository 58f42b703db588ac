package comfyserverless.localstack.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_file_gets_a_line_at_the_begin_and_at_the_end() {
        Progress progress = new Progress(out, false);
        for (int percent = 0; percent <= 100; percent++) {
            progress.show("Reading x", percent / 100.0);
        }
        assertThat(shown().lines()).containsExactly("Reading x: 0 %", "Reading x: 100 %");
    }

    @Test
    void a_terminal_gets_one_line_that_fills() {
        Progress progress = new Progress(out, true);
        progress.show("Reading x", 0.5);
        progress.show("Reading x", 1);
        assertThat(shown().split("\r"))
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith("[###############---------------]  50 % Reading x"))
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith("[##############################] 100 % Reading x"));
        assertThat(shown().lines()).hasSizeLessThanOrEqualTo(3);
    }
}
