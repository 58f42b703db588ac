package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.aws.AwsSettings;
import comfyserverless.localstack.admin.AdminCall;
import comfyserverless.localstack.real.RealLocalStack;
import comfyserverless.localstack.webhook.Graphs;
import comfyserverless.localstack.webhook.Receiver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The default workflow from the prompt to the picture, and a webhook, with all state on LocalStack. It takes three
/// minutes: nobody reads the table's stream there, and the clock hands a webhook over after one to two.
class EndpointIT {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PICTURE = Duration.ofMinutes(4);

    @TempDir private Path folder;

    @Test
    void the_default_workflow_makes_a_picture_on_the_deployed_stack() throws Exception {
        try (StackProcess stack = new StackProcess(folder)) {
            start(stack);
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

    @Test
    void a_webhook_goes_through_the_deployed_queue_and_is_made_again_from_the_command_line()
            throws Exception {
        try (StackProcess stack = new StackProcess(folder);
                Receiver receiver = Receiver.answering(500, 200)) {
            start(stack, "--webhook-loopback");
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("prompt", Graphs.picture(7));
            body.putObject("extra_data").put("webhook", receiver.url());
            assertThat(stack.post("/prompt", body)).isPresent();
            await().atMost(PICTURE).until(() -> receiver.received().size() == 2);
            String id = receiver.received().getFirst().id();
            AdminCall replay =
                    AdminCall.of(
                            "--data", folder.resolve("data").toString(), "webhooks", "replay", id);
            assertThat(replay.out()).as(replay.err()).startsWith("1 call is made again");
            await().atMost(PICTURE).until(() -> receiver.received().size() == 3);
            assertThat(receiver.received().stream().map(Receiver.Received::id)).containsOnly(id);
        }
    }

    private static void start(StackProcess stack, String... flags) throws IOException {
        assumeTrue(RealLocalStack.isWanted(), "only in the profile localstack");
        RealLocalStack localStack = RealLocalStack.get();
        stack.start(
                Path.of("").toAbsolutePath(),
                names(localStack.names()),
                Stream.concat(
                                Stream.of("--endpoint", localStack.endpoint().toString()),
                                Stream.of(flags))
                        .toArray(String[]::new));
        await().atMost(START)
                .until(() -> stack.get("/object_info/KSampler").map(n -> n.size()).orElse(0) > 0);
    }

    private static Map<String, String> names(AwsSettings.Names names) {
        AwsSettings.Webhooks webhooks = Objects.requireNonNull(names.webhooks());
        return Map.of(
                "COMFY_TABLE", names.table(),
                "COMFY_FILES_BUCKET", names.filesBucket(),
                "COMFY_MODELS_BUCKET", names.modelsBucket(),
                "COMFY_QUEUE_URL", names.queueUrl(),
                "COMFY_WEBHOOK_QUEUE_URL", webhooks.queueUrl(),
                "COMFY_WEBHOOK_DEAD_QUEUE_URL", webhooks.deadQueueUrl());
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
