package comfyserverless.localstack.stores;

import static org.awaitility.Awaitility.await;

import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookQueueContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

class EmbeddedWebhookQueueIT extends WebhookQueueContract {
    private final WebhookQueue queue =
            EmbeddedStores.open(JobSettings.standard(), Clock.systemUTC()).webhooks().orElseThrow();

    @Override
    protected WebhookQueue queue() {
        return queue;
    }

    @Override
    protected void pass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().atMost(time.plusSeconds(5)).until(() -> Instant.now().isAfter(end));
    }
}
