package comfyserverless.localstack.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comfyserverless.localstack.extension.StartedStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/// A started local stack and a browser to look at its page with.
final class OpenPage implements AutoCloseable {
    private final StartedStack stack;
    private final ChromeDriver browser;
    private final Duration patience;

    private OpenPage(StartedStack stack, ChromeDriver browser, Duration patience) {
        this.stack = stack;
        this.browser = browser;
        this.patience = patience;
    }

    /// Starts both; where no browser is the test is skipped with the reason.
    ///
    /// @param patience how long something on the page may take to come
    /// @param flags of the local stack
    static OpenPage start(Duration patience, Path folder, String... flags) throws IOException {
        assumeTrue(Browser.isInstalled(), Browser.MISSING);
        StartedStack stack = StartedStack.start(folder, flags);
        try {
            return new OpenPage(stack, Browser.open(), patience);
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    StartedStack stack() {
        return stack;
    }

    ChromeDriver browser() {
        return browser;
    }

    /// Loads the page anew.
    void load() {
        browser.get(stack.address().toString());
    }

    /// The element, as soon as it is there.
    WebElement waitFor(By what) {
        return await().atMost(patience)
                .ignoreException(NoSuchElementException.class)
                .until(() -> browser.findElement(what), element -> true);
    }

    @Override
    public void close() {
        browser.quit();
        stack.close();
    }
}
