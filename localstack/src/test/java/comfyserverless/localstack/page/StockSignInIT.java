package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// ComfyUI's own page, which knows nothing of keys, where one is asked for.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class StockSignInIT {
    private static StockPage stock;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        stock = StockPage.open(folder, "--auth", "key");
    }

    @AfterAll
    static void stop() {
        if (stock != null) {
            stock.close();
        }
    }

    @Test
    void it_leads_to_the_sign_in_works_with_the_session_and_signs_out_by_its_menu() {
        OpenPage page = stock.page();
        page.waitFor(By.id("key")).sendKeys(page.stack().firstKey());
        page.browser().findElement(By.cssSelector("form button")).click();
        stock.ready();
        stock.runDefaultWorkflow();
        assertThat(stock.number("seen.b_preview")).as("by the session's socket").isPositive();
        assertThat(
                        stock.number(
                                "app.extensionManager.command.commands.filter(one => one.id ==="
                                        + " 'comfy-serverless.sign-out').length"))
                .isEqualTo(1);
        page.browser()
                .executeScript("app.extensionManager.command.execute('comfy-serverless.sign-out')");
        await().atMost(StockPage.PATIENCE)
                .until(() -> page.browser().getCurrentUrl().contains("/login"));
        page.load();
        assertThat(page.browser().getCurrentUrl()).contains("/login");
    }
}
