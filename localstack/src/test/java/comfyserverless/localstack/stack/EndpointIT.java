package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import comfyserverless.aws.AwsSettings;
import comfyserverless.localstack.real.RealLocalStack;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The default workflow from the prompt to the picture, with all state on LocalStack.
class EndpointIT {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PICTURE = Duration.ofMinutes(4);

    @TempDir private Path folder;

    @Test
    void the_default_workflow_makes_a_picture_on_the_deployed_stack() throws Exception {
        assumeTrue(RealLocalStack.isWanted(), "only in the profile localstack");
        RealLocalStack localStack = RealLocalStack.get();
        try (StackProcess stack = new StackProcess(folder)) {
            stack.start(
                    Path.of("").toAbsolutePath(),
                    names(localStack.names()),
                    "--endpoint",
                    localStack.endpoint().toString());
            await().atMost(START)
                    .until(() ->
                            stack.get("/object_info/KSampler").map(n -> n.size()).orElse(0) > 0);
            String id = stack.post("/prompt", workflow()).orElseThrow().path("prompt_id").asText();
            await().atMost(PICTURE).until(() -> history(stack, id).isPresent());
            JsonNode picture = history(stack, id).orElseThrow().at("/outputs/9/images/0");
            byte[] bytes =
                    stack.bytes(
                            "/view?filename=%s&subfolder=&type=output"
                                    .formatted(picture.path("filename").asText()));
            assertThat(ImageIO.read(new ByteArrayInputStream(bytes)).getWidth()).isEqualTo(128);
        }
    }

    private static Map<String, String> names(AwsSettings.Names names) {
        return Map.of(
                "COMFY_TABLE", names.table(),
                "COMFY_FILES_BUCKET", names.filesBucket(),
                "COMFY_MODELS_BUCKET", names.modelsBucket(),
                "COMFY_QUEUE_URL", names.queueUrl());
    }

    private static Optional<JsonNode> history(StackProcess stack, String id) {
        return stack.get("/history/" + id)
                .map(all -> all.path(id))
                .filter(entry -> !entry.isMissingNode());
    }

    private static JsonNode workflow() throws IOException {
        try (InputStream in = EndpointIT.class.getResourceAsStream("default-workflow.json")) {
            return new ObjectMapper().readTree(in);
        }
    }
}
