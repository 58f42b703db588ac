package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;

/// Starts the local stack with the small model and uses its page in a browser.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class PageBrowserIT {
    private static final Duration PICTURE = Duration.ofMinutes(3);

    private static OpenPage page;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        page = OpenPage.start(PICTURE, folder);
    }

    @AfterAll
    static void stop() {
        if (page != null) {
            page.close();
        }
    }

    @Test
    void a_prompt_typed_into_the_page_becomes_a_picture_that_survives_a_reload()
            throws IOException {
        page.load();
        WebElement prompt = page.waitFor(By.cssSelector("#fields textarea"));
        prompt.clear();
        prompt.sendKeys("a green square on a white background");
        page.browser().findElement(By.cssSelector("button.primary")).click();

        WebElement picture = page.waitFor(By.cssSelector("#pictures img"));
        await().atMost(PICTURE).until(() -> width(picture) > 0);
        Files.write(
                Path.of("target", "page.png"), page.browser().getScreenshotAs(OutputType.BYTES));
        assertThat(width(picture)).isEqualTo(128);
        assertThat(picture.getDomAttribute("alt"))
                .isEqualTo("a green square on a white background");
        assertThat(page.browser().findElement(By.id("problem")).isDisplayed()).isFalse();

        page.browser().navigate().refresh();
        assertThat(page.waitFor(By.cssSelector("#pictures img")).getDomAttribute("alt"))
                .isEqualTo("a green square on a white background");
    }

    @Test
    void every_sample_workflow_opens_as_a_form() {
        page.load();
        page.waitFor(By.cssSelector("#fields details"));
        List<WebElement> samples = page.browser().findElements(By.cssSelector("#workflow option"));
        assertThat(samples).hasSizeGreaterThanOrEqualTo(8);
        for (WebElement sample : samples) {
            sample.click();
            page.waitFor(By.cssSelector("#fields details"));
            assertThat(page.browser().findElement(By.id("problem")).getText()).isEmpty();
        }
    }

    private static long width(WebElement picture) {
        Object width =
                ((JavascriptExecutor) page.browser())
                        .executeScript("return arguments[0].naturalWidth", picture);
        return width instanceof Number number ? number.longValue() : 0;
    }
}
