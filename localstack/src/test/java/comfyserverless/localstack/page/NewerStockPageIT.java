package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/// ComfyUI's page of a year after the server that this one answers like, used as its users do: by its buttons.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class NewerStockPageIT {
    private static final By TEMPLATE = By.xpath("//*[text()='1-text-to-image']");
    private static final By RUN = By.xpath("//button[contains(., 'Run')]");

    private static StockPage stock;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        stock = StockPage.open(StockPage.NEWER_VERSION, folder);
        stock.ready();
    }

    @AfterAll
    static void stop() {
        if (stock != null) {
            stock.close();
        }
    }

    @Test
    void a_sample_workflow_that_it_offers_runs_and_shows_its_picture() throws IOException {
        OpenPage page = stock.page();
        page.waitFor(TEMPLATE);
        await().atMost(StockPage.PATIENCE)
                .until(() ->
                        stock.number(
                                        "[...document.images]"
                                                + ".filter(one => one.naturalWidth === 256).length")
                                > 0);
        page.browser().findElement(TEMPLATE).click();
        await().atMost(StockPage.PATIENCE)
                .until(() ->
                        stock.is("return app.graph._nodes.some(one => one.type === 'SaveImage')"));
        page.browser().findElement(RUN).click();
        stock.showsPicture(128);
        Files.write(
                Path.of("target", "newer-stock-page.png"),
                page.browser().getScreenshotAs(OutputType.BYTES));
        assertThat(
                        stock.asynchronously(
                                """
                                app.api.fetchApi('/jobs?status=completed')
                                  .then(response => response.json())
                                  .then(answer => done(answer.jobs.length), error => done(String(error)));
                                """))
                .isEqualTo(1L);
    }
}
