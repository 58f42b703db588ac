package comfyserverless.handlers.webhook;

import comfyserverless.contract.job.WebhookOutbox;
import comfyserverless.contract.table.Item;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands over what the functions learn of jobs with webhooks. What fails here costs nobody else anything: a
/// job that ended keeps its mark, and the next round of the reconciler finds it.
public final class WebhookNews {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookNews.class);

    /// What the stream may still be about to hand over is left to it.
    private static final Duration STREAM = Duration.ofSeconds(30);

    private final Optional<WebhookOutbox> outbox;
    private final Clock clock;

    /// A job item as it was and as it is, null where there is none.
    public record Change(@Nullable Item before, @Nullable Item after) {}

    /// To nowhere where there are no queues.
    public WebhookNews(Optional<WebhookOutbox> outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Jobs changed, as the table's stream tells.
    public void changed(List<Change> changes) {
        outbox.ifPresent(to -> {
            try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Change change : changes) {
                    workers.execute(() -> handOver(to, change));
                }
            }
        });
    }

    private static void handOver(WebhookOutbox to, Change change) {
        try {
            to.changed(change.before(), change.after());
        } catch (RuntimeException e) {
            LOG.warn("The webhook of a job waits for the reconciler", e);
        }
    }

    /// Hands over what the stream did not.
    public void sweep(Collection<String> tenants) {
        outbox.ifPresent(to -> tenants.forEach(tenant -> sweep(to, tenant)));
    }

    private void sweep(WebhookOutbox to, String tenant) {
        try {
            to.sweep(tenant, clock.instant().minus(STREAM));
        } catch (RuntimeException e) {
            LOG.warn("The webhooks of {} wait for the next round", tenant, e);
        }
    }
}
