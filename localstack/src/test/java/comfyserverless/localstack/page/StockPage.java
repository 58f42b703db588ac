package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.JavascriptException;

/// ComfyUI's own page, opened in a browser on a local stack.
///
/// @param page the browser with it
record StockPage(OpenPage page) implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /// The page of ComfyUI 0.3.64.
    static final String VERSION = "1.27.10";

    /// A page of a year later, which asks `/api/jobs` where the other asked `/queue` and `/history`.
    static final String NEWER_VERSION = "1.58.1";

    /// Opens the address of the page of ComfyUI 0.3.64.
    ///
    /// @param flags of the local stack, besides `--web-root`
    static StockPage open(Path folder, String... flags) throws IOException {
        return open(VERSION, folder, flags);
    }

    /// Opens a page's address; where the page or a browser is missing the test is skipped with the reason.
    ///
    /// @param version of the package comfyui-frontend-package
    /// @param flags of the local stack, besides `--web-root`
    static StockPage open(String version, Path folder, String... flags) throws IOException {
        Path installed = Path.of("target", "stock-page-" + version);
        Path files = installed.resolve(Path.of("comfyui_frontend_package", "static"));
        assumeTrue(
                Files.isDirectory(files),
                "No stock page: pip install --no-deps --target localstack/%s comfyui-frontend-package==%s"
                        .formatted(installed, version));
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--web-root", files.toAbsolutePath().toString()));
        OpenPage page = OpenPage.start(PATIENCE, folder, all.toArray(String[]::new));
        page.browser().manage().timeouts().scriptTimeout(PATIENCE);
        page.load();
        return new StockPage(page);
    }

    /// Waits until it can be used.
    void ready() {
        await().atMost(PATIENCE)
                .ignoreException(JavascriptException.class)
                .until(() ->
                        is(
                                "return app.extensionManager && app.api.socket?.readyState === 1"
                                        + " && !!app.api.clientId && !!app.canvas"));
    }

    /// Runs the workflow that it opens with, at 128 pixels a side, until its picture is shown. `seen` in the page counts
    /// the messages that came.
    void runDefaultWorkflow() {
        asynchronously("app.loadGraphData().then(() => done(), e => done(String(e)))");
        asynchronously(
                """
                document.querySelectorAll('.p-dialog-close-button').forEach(button => button.click());
                window.seen = {};
                for (const type of ['binary_frame', 'b_preview', 'execution_success', 'execution_error'])
                  app.api.addEventListener(type, () => (window.seen[type] = (window.seen[type] ?? 0) + 1));
                const node = type => app.graph._nodes.find(one => one.type === type);
                // A node shows its picture once it is in sight.
                app.canvas.ds.scale = 0.5;
                app.canvas.setDirty(true, true);
                for (const side of node('EmptyLatentImage').widgets.slice(0, 2)) side.value = 128;
                app.api.fetchApi('/object_info/CheckpointLoaderSimple')
                  .then(response => response.json())
                  .then(info => {
                    const [models] = info.CheckpointLoaderSimple.input.required.ckpt_name;
                    node('CheckpointLoaderSimple').widgets[0].value = models[0];
                    return app.queuePrompt(0);
                  })
                  .then(() => done(), error => done(String(error)));
                """);
        await().atMost(PATIENCE)
                .until(() ->
                        number("(seen.execution_success ?? 0) + (seen.execution_error ?? 0)") > 0);
        showsPicture(128);
    }

    /// Waits until the node that saves shows a picture of this width.
    void showsPicture(int width) {
        String shown =
                "app.graph._nodes.find(one => one.type === 'SaveImage').imgs?.[0]?.naturalWidth";
        await().atMost(PATIENCE).until(() -> number(shown) > 0);
        assertThat(number(shown)).isEqualTo(width);
    }

    /// Runs a script that calls `done` with its result at its end.
    @Nullable Object asynchronously(String script) {
        return page.browser().executeAsyncScript("const done = arguments[0];\n" + script);
    }

    boolean is(String script) {
        return Boolean.TRUE.equals(page.browser().executeScript(script));
    }

    long number(String script) {
        return page.browser().executeScript("return " + script) instanceof Number number
                ? number.longValue()
                : 0;
    }

    @Override
    public void close() {
        page.close();
    }
}
