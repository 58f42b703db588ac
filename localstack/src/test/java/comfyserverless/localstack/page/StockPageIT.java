package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.OutputType;

/// ComfyUI's own page against the local stack with the gateway's limits on: no binary message reaches
/// it but wrapped in text, no large upload but past the gateway.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class StockPageIT {
    private static final Path PAGE =
            Path.of("target", "stock-page", "comfyui_frontend_package", "static");
    private static final String MISSING =
            "No stock page: pip install --no-deps --target localstack/target/stock-page"
                    + " comfyui-frontend-package==1.27.10";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static OpenPage page;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(PAGE), MISSING);
        page = OpenPage.start(PATIENCE, folder, "--web-root", PAGE.toAbsolutePath().toString());
        page.browser().manage().timeouts().scriptTimeout(PATIENCE);
        page.load();
        await().atMost(PATIENCE)
                .ignoreException(JavascriptException.class)
                .until(() ->
                        is(
                                "return app.extensionManager && app.api.socket?.readyState === 1"
                                        + " && !!app.api.clientId && !!app.canvas"));
    }

    @AfterAll
    static void stop() {
        if (page != null) {
            page.close();
        }
    }

    private static boolean is(String script) {
        return Boolean.TRUE.equals(page.browser().executeScript(script));
    }

    private static long number(String script) {
        return page.browser().executeScript("return " + script) instanceof Number number
                ? number.longValue()
                : 0;
    }

    @Test
    void the_default_workflow_shows_its_preview_and_its_picture() throws IOException {
        page.browser()
                .executeAsyncScript(
                        "const done = arguments[0];"
                                + "app.loadGraphData().then(() => done(), e => done(String(e)))");
        page.browser()
                .executeAsyncScript(
                        """
                        const done = arguments[0];
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
        String width =
                "app.graph._nodes.find(one => one.type === 'SaveImage').imgs?.[0]?.naturalWidth";
        await().atMost(PATIENCE).until(() -> number(width) > 0);
        Files.write(
                Path.of("target", "stock-page.png"),
                page.browser().getScreenshotAs(OutputType.BYTES));
        assertThat(number(width)).isEqualTo(128);
        assertThat(number("seen.binary_frame")).isPositive();
        assertThat(number("seen.b_preview")).isPositive();
    }

    @Test
    void a_file_that_no_request_carries_is_uploaded_past_the_gateway() {
        Object answer =
                page.browser()
                        .executeAsyncScript(
                                """
                                const done = arguments[0];
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
