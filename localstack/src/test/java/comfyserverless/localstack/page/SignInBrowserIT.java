package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/// The page where a key is asked for: sign in, queue, see the picture come, sign out.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class SignInBrowserIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static StartedStack stack;
    private static ChromeDriver browser;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        assumeTrue(Browser.isInstalled(), Browser.MISSING);
        stack = StartedStack.start(folder, "--auth", "key");
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

    private static WebElement waitFor(By what) {
        return await().atMost(PATIENCE)
                .ignoreException(NoSuchElementException.class)
                .until(() -> browser.findElement(what), element -> true);
    }

    private static void signIn(String key) {
        waitFor(By.id("key")).sendKeys(key);
        browser.findElement(By.cssSelector("form button")).click();
    }

    @Test
    void a_key_opens_the_page_which_shows_its_picture_and_signs_out() {
        browser.get(stack.address().toString());
        signIn("guess");
        assertThat(waitFor(By.cssSelector("[role=alert]")).getText()).contains("no such key");
        signIn(stack.firstKey());

        waitFor(By.cssSelector("#fields input"));
        await().atMost(PATIENCE)
                .until(
                        () -> browser.findElement(By.id("connection")).getText(),
                        "connected"::equals);
        browser.findElement(By.cssSelector("button.primary")).click();
        waitFor(By.cssSelector("#pictures img"));

        browser.findElement(By.cssSelector("#leave button")).click();
        waitFor(By.id("key"));
        browser.get(stack.address().toString());
        assertThat(browser.getCurrentUrl()).contains("/login");
    }
}
