package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.OutputType;

/// ComfyUI's own page against the local stack with the gateway's limits on: no binary message reaches
/// it but wrapped in text, no large upload but past the gateway.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class StockPageIT {
    private static StockPage stock;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        stock = StockPage.open(folder);
        stock.ready();
    }

    @AfterAll
    static void stop() {
        if (stock != null) {
            stock.close();
        }
    }

    @Test
    void the_default_workflow_shows_its_preview_and_its_picture() throws IOException {
        stock.runDefaultWorkflow();
        Files.write(
                Path.of("target", "stock-page.png"),
                stock.page().browser().getScreenshotAs(OutputType.BYTES));
        assertThat(stock.number("seen.binary_frame")).isPositive();
        assertThat(stock.number("seen.b_preview")).isPositive();
    }

    @Test
    void a_file_that_no_request_carries_is_uploaded_past_the_gateway() {
        Object answer =
                stock.asynchronously(
                        """
                        const start = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
                        const bytes = new Uint8Array(9_000_000);
                        bytes.set(start);
                        const form = new FormData();
                        form.append('image', new File([bytes], 'large.png'));
                        form.append('subfolder', 'past');
                        app.api.fetchApi('/upload/image', { method: 'POST', body: form })
                          .then(response => response.json())
                          .then(done, error => done(String(error)));
                        """);
        assertThat(answer)
                .isEqualTo(Map.of("name", "large.png", "subfolder", "past", "type", "input"));
    }
}
