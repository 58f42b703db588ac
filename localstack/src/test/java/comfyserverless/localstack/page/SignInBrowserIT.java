package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// The page where a key is asked for: sign in, queue, see the picture come, sign out.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class SignInBrowserIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static OpenPage page;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        page = OpenPage.start(PATIENCE, folder, "--auth", "key");
    }

    @AfterAll
    static void stop() {
        if (page != null) {
            page.close();
        }
    }

    private static void signIn(String key) {
        page.waitFor(By.id("key")).sendKeys(key);
        page.browser().findElement(By.cssSelector("form button")).click();
    }

    @Test
    void a_key_opens_the_page_which_shows_its_picture_and_signs_out() {
        page.load();
        signIn("guess");
        assertThat(page.waitFor(By.cssSelector("[role=alert]")).getText()).contains("no such key");
        signIn(page.stack().firstKey());

        page.waitFor(By.cssSelector("#fields input"));
        await().atMost(PATIENCE)
                .until(
                        () -> page.browser().findElement(By.id("connection")).getText(),
                        "connected"::equals);
        page.browser().findElement(By.cssSelector("button.primary")).click();
        page.waitFor(By.cssSelector("#pictures img"));

        page.browser().findElement(By.cssSelector("#leave button")).click();
        page.waitFor(By.id("key"));
        page.load();
        assertThat(page.browser().getCurrentUrl()).contains("/login");
    }
}
