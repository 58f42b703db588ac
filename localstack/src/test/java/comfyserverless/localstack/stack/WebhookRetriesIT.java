package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.InMemoryModels;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.WebhookEntry;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.handlers.pages.MountedWebFiles;
import comfyserverless.handlers.webhook.WebhookPorts;
import comfyserverless.localstack.emulator.EmbeddedDynamo;
import comfyserverless.localstack.emulator.EmbeddedS3;
import comfyserverless.localstack.emulator.EmbeddedSqs;
import comfyserverless.localstack.emulator.aws.Faults;
import comfyserverless.localstack.webhook.Receiver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A receiver in trouble, over a day of the queue's clock.
class WebhookRetriesIT {
    private static final String TENANT = "default";

    private final ManualClock clock = new ManualClock();
    private EmbeddedDynamo dynamo;
    private EmbeddedSqs sqs;
    private EmbeddedS3 s3;
    private Aws aws;
    private HandlerPorts handlers;
    private LocalWebhooks webhooks;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        dynamo = EmbeddedDynamo.start(folder.resolve("d"), clock, Faults.NONE, _ -> {});
        sqs = EmbeddedSqs.start(folder.resolve("q"), clock, Faults.NONE);
        s3 = EmbeddedS3.start(folder.resolve("s3"), "local", "local-secret");
        AwsSettings settings =
                new AwsSettings(
                        "us-east-1",
                        new AwsSettings.Endpoints(
                                dynamo.endpoint(), s3.endpoint(), sqs.endpoint(), null),
                        OwnStores.names(sqs.endpoint() + "/000000000000/tickets"),
                        new AwsSettings.Access("local", "local-secret"),
                        false);
        Ports.Chance chance = new Ports.Chance(clock, () -> UUID.randomUUID().toString(), _ -> {});
        aws = Aws.open(settings, JobSettings.standard(), chance, List.of());
        aws.createStores();
        handlers =
                new HandlerPorts(
                                aws.ports(),
                                new HandlerPorts.Content(
                                        new InMemoryModels(),
                                        () ->
                                                new Nodes.Known(
                                                        "digest", Map.of(), _ -> Optional.empty()),
                                        new MountedWebFiles(Map.of())),
                                new HandlerPorts.Messages(new RecordingPost(false), _ -> {}),
                                new HandlerPorts.Chance(clock, () -> UUID.randomUUID().toString()),
                                HandlerSettings.defaults())
                        .withWebhooks(
                                WebhookPorts.of(
                                        aws.webhooks(),
                                        aws.deadWebhooks(),
                                        new WebhookAddresses(true)));
        webhooks = new LocalWebhooks(queue(), new WebhookEntry(handlers));
    }

    @AfterEach
    void stop() {
        aws.close();
        s3.close();
        sqs.close();
        dynamo.close();
    }

    private WebhookQueue queue() {
        return handlers.webhooks().queue();
    }

    private WebhookQueue dead() {
        return handlers.webhooks().dead();
    }

    private void endJob(String url) {
        JobKey key = new JobKey(TENANT, "11111111-1111-4111-8111-111111111111");
        WebhookTarget target = new WebhookTarget(URI.create(url), WebhookEvent.ENDS);
        aws.ports().jobs().enqueue(SampleJobs.job(key, 1).withWebhook(target));
        Claim claim = aws.ports().claims().claim("runner").orElseThrow();
        assertThat(aws.ports().claims().start(claim)).isTrue();
        aws.ports().claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        LocalWebhooks.handOver(handlers, List.of(TENANT));
    }

    private void passHours(int hours) throws IOException {
        for (int hour = 0; hour < hours; hour++) {
            webhooks.hand(queue().receive(Duration.ZERO));
            clock.advance(Duration.ofHours(1));
        }
    }

    private Delivery delivery() {
        return handlers.deliveries().list(TENANT, 10).getFirst();
    }

    @Test
    void the_seventh_try_is_the_last_and_what_is_put_back_begins_anew() throws IOException {
        try (Receiver receiver = Receiver.answering(500, 500, 500, 500, 500, 500, 503, 204)) {
            endJob(receiver.url());
            passHours(30);
            assertThat(receiver.received()).hasSize(7);
            assertThat(delivery().state()).isEqualTo(Delivery.State.FAILED);
            assertThat(delivery().answer()).isEqualTo("503");
            List<WebhookQueue.Received> letters = dead().receive(Duration.ZERO);
            assertThat(letters).hasSize(1);
            assertThat(letters.getFirst().body()).doesNotContain("hush");
            queue().send(letters.getFirst().body());
            passHours(1);
            assertThat(delivery().state()).isEqualTo(Delivery.State.DELIVERED);
            assertThat(receiver.received().stream().map(Receiver.Received::id).distinct())
                    .hasSize(1);
            assertThat(receiver.received().stream().map(Receiver.Received::body).distinct())
                    .hasSize(1);
            passHours(24);
            assertThat(receiver.received()).hasSize(8);
        }
    }
}
