package comfyserverless.localstack.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.extension.StartedStack;
import comfyserverless.localstack.python.Venv;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Published clients run the default workflow and get the picture that curl gets.
@EnabledIfSystemProperty(
        named = "clients",
        matches = "true",
        disabledReason = "The clients come from PyPI and npm: run ./mvnw verify -Pclients")
class ClientsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORKFLOW =
            "/comfyserverless/localstack/stack/default-workflow.json";

    @TempDir private static Path folder;

    private static ClientPrograms programs;
    private static StartedStack stack;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        assumeTrue(Venv.canBeMade(), Venv.MISSING);
        programs = ClientPrograms.install();
        stack = StartedStack.start(folder);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    static List<Path> scripts() throws IOException {
        return ClientPrograms.scripts();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void a_published_client_gets_the_picture(Path script) throws Exception {
        Path picture = folder.resolve(script.getFileName() + ".png");
        ObjectNode body = workflowOf(script.getFileName().hashCode() & Integer.MAX_VALUE);
        Path workflow = folder.resolve(script.getFileName() + ".json");
        Files.writeString(workflow, body.path("prompt").toString());
        boolean well = programs.drive(script, stack.address().toString(), workflow, picture);
        assertThat(well).as(() -> said(picture)).isTrue();
        assertThat(pixels(ImageIO.read(picture.toFile()))).isEqualTo(posted(body));
    }

    private static ObjectNode workflowOf(int seed) throws IOException {
        try (InputStream in = ClientsIT.class.getResourceAsStream(WORKFLOW)) {
            ObjectNode body = JSON.readValue(in, ObjectNode.class);
            ObjectNode sampler = (ObjectNode) body.at("/prompt/3/inputs");
            sampler.put("seed", seed);
            return body;
        }
    }

    private static String said(Path picture) {
        try {
            return Files.readString(ClientPrograms.printed(picture));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// What the graph gives to one who posts it by hand.
    private static List<Integer> posted(JsonNode body) throws IOException, InterruptedException {
        HttpRequest post =
                HttpRequest.newBuilder(stack.at("/prompt?wait=25"))
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer = http.send(post, HttpResponse.BodyHandlers.ofString()).body();
            String name = JSON.readTree(answer).at("/outputs/9/images/0/filename").asText();
            HttpRequest view = HttpRequest.newBuilder(stack.at("/view?filename=" + name)).build();
            try (InputStream in =
                    http.send(view, HttpResponse.BodyHandlers.ofInputStream()).body()) {
                return pixels(ImageIO.read(in));
            }
        }
    }

    private static List<Integer> pixels(BufferedImage image) {
        int[] colours =
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(colours).boxed().toList();
    }
}
