package comfyserverless.handlers.webhook;

import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Delivery;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has calls made again: those that were given up and lie among the dead letters, or any one.
public final class Replays {
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final WebhookPorts webhooks;
    private final Deliveries deliveries;

    public Replays(WebhookPorts webhooks, Deliveries deliveries) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
    }

    /// The tenant's calls, the newest job first.
    public List<Delivery> list(String tenant, int most) {
        return deliveries.list(tenant, most);
    }

    /// Puts what lies among the dead letters back into the queue; returns how many calls that are. Letters of
    /// other tenants show again after some minutes.
    ///
    /// @param tenant whose, or null for everybody's
    public int all(@Nullable String tenant) {
        int moved = 0;
        List<WebhookQueue.Received> batch = webhooks.dead().receive(WAIT);
        while (!batch.isEmpty()) {
            for (WebhookQueue.Received letter : batch) {
                if (tenant == null || WebhookTask.of(letter.body()).tenant().equals(tenant)) {
                    webhooks.queue().send(letter.body());
                    webhooks.dead().delete(letter.receipt());
                    moved++;
                }
            }
            batch = webhooks.dead().receive(WAIT);
        }
        return moved;
    }

    /// Has one call made again, whatever became of it; false if there is none of this id.
    public boolean one(String tenant, String id) {
        Optional<Delivery> found = deliveries.find(tenant, id);
        found.ifPresent(delivery -> {
            deliveries.reopen(delivery);
            webhooks.queue().send(delivery.task().json());
        });
        return found.isPresent();
    }
}
