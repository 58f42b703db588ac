package comfyserverless.contract.fake;

import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookQueueContract;
import java.time.Duration;

class InMemoryWebhookQueueTest extends WebhookQueueContract {
    private final ManualClock clock = new ManualClock();
    private final WebhookQueue queue = new InMemoryWebhookQueue(clock);

    @Override
    protected WebhookQueue queue() {
        return queue;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
