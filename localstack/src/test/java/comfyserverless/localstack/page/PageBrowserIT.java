package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comfyserverless.localstack.extension.StartedStack;
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
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/// Starts the local stack with the small model and uses its page in a browser.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class PageBrowserIT {
    private static final Duration PICTURE = Duration.ofMinutes(3);

    private static StartedStack stack;
    private static ChromeDriver browser;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        assumeTrue(Browser.isInstalled(), Browser.MISSING);
        stack = StartedStack.start(folder);
        browser = Browser.open();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void a_prompt_typed_into_the_page_becomes_a_picture_that_survives_a_reload()
            throws IOException {
        browser.get(stack.address().toString());
        WebElement prompt = waitFor(By.cssSelector("#fields textarea"));
        prompt.clear();
        prompt.sendKeys("a green square on a white background");
        browser.findElement(By.cssSelector("button.primary")).click();

        WebElement picture = waitFor(By.cssSelector("#pictures img"));
        await().atMost(PICTURE).until(() -> width(picture) > 0);
        Files.write(Path.of("target", "page.png"), browser.getScreenshotAs(OutputType.BYTES));
        assertThat(width(picture)).isEqualTo(128);
        assertThat(picture.getDomAttribute("alt"))
                .isEqualTo("a green square on a white background");
        assertThat(browser.findElement(By.id("problem")).isDisplayed()).isFalse();

        browser.navigate().refresh();
        assertThat(waitFor(By.cssSelector("#pictures img")).getDomAttribute("alt"))
                .isEqualTo("a green square on a white background");
    }

    @Test
    void every_sample_workflow_opens_as_a_form() {
        browser.get(stack.address().toString());
        waitFor(By.cssSelector("#fields details"));
        List<WebElement> samples = browser.findElements(By.cssSelector("#workflow option"));
        assertThat(samples).hasSizeGreaterThanOrEqualTo(8);
        for (WebElement sample : samples) {
            sample.click();
            waitFor(By.cssSelector("#fields details"));
            assertThat(browser.findElement(By.id("problem")).getText()).isEmpty();
        }
    }

    private static WebElement waitFor(By what) {
        return await().atMost(PICTURE)
                .ignoreException(NoSuchElementException.class)
                .until(() -> browser.findElement(what), element -> true);
    }

    private static long width(WebElement picture) {
        Object width =
                ((JavascriptExecutor) browser)
                        .executeScript("return arguments[0].naturalWidth", picture);
        return width instanceof Number number ? number.longValue() : 0;
    }
}
