package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.metric.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What docs/cost.md says of the fixed cost a month is what the templates make.
class FixedCostTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| (?!\\*)(.+) \\| (\\d+\\.\\d\\d) \\|$", Pattern.MULTILINE);

    private final String page;

    FixedCostTest() throws IOException {
        this.page = Files.readString(Path.of("..", "docs", "cost.md"));
    }

    @Test
    void the_page_counts_the_alarms_of_the_templates() {
        int alarms = 0;
        for (String stack : Templates.STACKS) {
            alarms +=
                    Templates.of(Templates.PLAIN, stack)
                            .findResources("AWS::CloudWatch::Alarm")
                            .size();
        }
        assertThat(page).contains("alarms, " + alarms + " at $0.10");
    }

    @Test
    void the_page_counts_the_metrics_that_are_written() {
        assertThat(page)
                .contains("metrics of the deployment, " + Measure.values().length + " at $0.30");
    }

    @Test
    void the_rows_add_up() {
        Matcher row = ROW.matcher(page.substring(page.indexOf("## Fixed")));
        double sum = 0;
        while (row.find()) {
            sum += Double.parseDouble(row.group(2));
        }
        assertThat(page).contains("| **together** | **%.2f** |".formatted(sum));
    }
}
