package comfyserverless.admin.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.admin.report.Refusal;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/1/webhooks";
    private static final String DEAD = "https://sqs.eu-west-1.amazonaws.com/1/webhooks-dead";

    private final Map<String, String> environment =
            new HashMap<>(Map.of("AWS_REGION", "eu-west-1"));

    private Deployment open(TargetOptions options) {
        return new Targets(environment, Path.of("data")).open(options);
    }

    private static TargetOptions table() {
        TargetOptions options = new TargetOptions();
        options.table = "things";
        options.filesBucket = "things-files";
        options.modelsBucket = "things-models";
        return options;
    }

    @Test
    void a_table_without_its_queues_says_what_to_add_for_a_replay() {
        try (Deployment deployment = open(table())) {
            assertThat(deployment.deliveries()).isNotNull();
            assertThatThrownBy(deployment::replays)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("the table things in eu-west-1")
                    .hasMessageContaining("--webhook-queue URL and --webhook-dead-queue URL")
                    .hasMessageContaining("DeadWebhooksUrl");
        }
    }

    @Test
    void a_table_with_its_queues_makes_calls_again() {
        TargetOptions options = table();
        options.webhookQueue = QUEUE;
        options.webhookDeadQueue = DEAD;
        try (Deployment deployment = open(options)) {
            assertThat(deployment.replays()).isNotNull();
        }
    }

    @Test
    void so_does_one_whose_queues_the_environment_names() {
        environment.put("COMFY_WEBHOOK_QUEUE_URL", QUEUE);
        environment.put("COMFY_WEBHOOK_DEAD_QUEUE_URL", DEAD);
        try (Deployment deployment = open(table())) {
            assertThat(deployment.replays()).isNotNull();
        }
    }

    @Test
    void one_queue_alone_is_refused_by_the_name_of_the_other() {
        TargetOptions options = table();
        options.webhookDeadQueue = DEAD;
        assertThatThrownBy(() -> open(options))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("give --webhook-queue too");
        options.webhookDeadQueue = null;
        options.webhookQueue = QUEUE;
        assertThatThrownBy(() -> open(options))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("give --webhook-dead-queue too");
    }

    @Test
    void an_emulator_has_the_queues_that_the_local_stack_makes_there() {
        TargetOptions options = new TargetOptions();
        options.endpoint = URI.create("http://127.0.0.1:4566");
        try (Deployment deployment = open(options)) {
            assertThat(deployment.replays()).isNotNull();
        }
    }
}
