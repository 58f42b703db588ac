package comfyserverless.contract.webhook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has calls made again: those that were given up and lie among the dead letters, or any one.
public final class Replays {
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final WebhookQueue queue;
    private final WebhookQueue dead;
    private final Deliveries deliveries;

    /// @param queue of calls to be made
    /// @param dead of those that were given up
    public Replays(WebhookQueue queue, WebhookQueue dead, Deliveries deliveries) {
        this.queue = queue;
        this.dead = dead;
        this.deliveries = deliveries;
    }

    /// The tenant's calls, the newest job first.
    public List<Delivery> list(String tenant, int most) {
        return deliveries.list(tenant, most);
    }

    /// Puts what lies among the dead letters back into the queue; returns how many calls that are. Letters of
    /// other tenants, and what is no call at all, stay and show again at once.
    ///
    /// @param tenant whose, or null for everybody's
    public int all(@Nullable String tenant) {
        List<WebhookQueue.Received> others = new ArrayList<>();
        try {
            return moved(tenant, others);
        } finally {
            others.forEach(letter -> dead.hide(letter.receipt(), Duration.ZERO));
        }
    }

    private int moved(@Nullable String tenant, List<WebhookQueue.Received> others) {
        int moved = 0;
        List<WebhookQueue.Received> batch = dead.receive(WAIT);
        while (!batch.isEmpty()) {
            for (WebhookQueue.Received letter : batch) {
                if (isCall(letter.body(), tenant)) {
                    queue.send(letter.body());
                    dead.delete(letter.receipt());
                    moved++;
                } else {
                    others.add(letter);
                }
            }
            batch = dead.receive(WAIT);
        }
        return moved;
    }

    private static boolean isCall(String body, @Nullable String tenant) {
        try {
            WebhookTask task = WebhookTask.of(body);
            return tenant == null || task.tenant().equals(tenant);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Has one call made again, whatever became of it; false if there is none of this id.
    public boolean one(String tenant, String id) {
        Optional<Delivery> found = deliveries.find(tenant, id);
        found.map(deliveries::reopen).ifPresent(task -> queue.send(task.json()));
        return found.isPresent();
    }
}
