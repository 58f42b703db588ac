package comfyserverless.localstack.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.localstack.extension.PackJar;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;

/// The example extension in the page: its script shows the node's question, and the node goes on with the answer.
@EnabledIfSystemProperty(
        named = "browser",
        matches = "true",
        disabledReason = "The browser tests need Chromium: run ./mvnw verify -Pbrowser")
class ExtensionBrowserIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static OpenPage page;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path packs = folder.resolve("packs");
        PackJar.ofExample(packs);
        page = OpenPage.start(PATIENCE, folder, "--node-packs", packs.toString());
    }

    @AfterAll
    static void stop() {
        if (page != null) {
            page.close();
        }
    }

    private static JsonNode history() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(page.stack().at("/history")).build();
            return Json.read(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
        }
    }

    @Test
    void a_question_of_the_node_is_answered_in_the_page() throws Exception {
        page.load();
        page.waitFor(By.xpath("//select[@id='workflow']/option[.='question']")).click();
        page.waitFor(By.cssSelector("#fields input[type=text]"));
        page.browser().findElement(By.cssSelector("button.primary")).click();

        WebElement answer = page.waitFor(By.cssSelector(".example-question input"));
        Files.write(
                Path.of("target", "question.png"),
                page.browser().getScreenshotAs(OutputType.BYTES));
        assertThat(page.browser().findElement(By.cssSelector(".example-question")).getText())
                .contains("What shall it say?");
        answer.sendKeys("hello from the page");
        page.browser().findElement(By.cssSelector(".example-question button")).click();

        JsonNode entry =
                await().atMost(PATIENCE)
                        .until(() -> history(), entries -> !entries.isEmpty())
                        .iterator()
                        .next();
        assertThat(entry.path("outputs").path("2").path("text").path(0).asText())
                .isEqualTo("hello from the page");
        await().atMost(PATIENCE)
                .until(() ->
                        page.browser().findElements(By.cssSelector(".example-question")).isEmpty());
        assertThat(page.browser().manage().logs().get("browser").getAll())
                .filteredOn(entryOfLog -> entryOfLog.getMessage().contains("extension"))
                .isEmpty();
    }

    @Test
    void a_script_finds_what_it_knows_of_comfyui() {
        page.load();
        page.waitFor(By.cssSelector("#fields details"));
        Object found =
                page.browser()
                        .executeAsyncScript(
                                """
                                const done = arguments[arguments.length - 1];
                                Promise.all([import('/scripts/api.js'), import('/scripts/app.js')]).then(async ([{ api }, { app }]) => {
                                  const heard = [];
                                  const listen = ({ detail }) => heard.push(detail.a);
                                  api.addEventListener('my.event', listen);
                                  api.dispatchCustomEvent('my.event', { a: 1 });
                                  api.removeEventListener('my.event', listen);
                                  api.dispatchCustomEvent('my.event', { a: 2 });
                                  const late = await new Promise((ran) => app.registerExtension({ name: 'late', setup: () => ran(true) }));
                                  const { output } = await app.graphToPrompt();
                                  const node = app.graph.getNodeById(Object.keys(output)[0]);
                                  const response = await api.fetchApi('/prompt');
                                  done([api.apiURL('/x'), api.fileURL('/x'), typeof api.clientId, heard.join(), late,
                                    node.type === Object.values(output)[0].class_type, response.status].join(' '));
                                }, (problem) => done(String(problem)));
                                """);
        assertThat(found).isEqualTo("/api/x /x string 1 true true 200");
    }
}
