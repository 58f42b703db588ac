package comfyserverless.contract.job;

import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import comfyserverless.contract.webhook.Hook;
import comfyserverless.contract.webhook.WebhookEvent;
import comfyserverless.contract.webhook.WebhookQueue;
import comfyserverless.contract.webhook.WebhookTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Hands the webhooks of jobs to their queue. The write that ends a job marks it as due, and the mark goes
/// when the task was sent: whatever crashes in between, the next sweep finds the mark. A task may so be
/// sent twice; [comfyserverless.contract.webhook.Deliveries] makes one call of it.
public final class WebhookOutbox {
    private static final String DUE = Index.DUE.attribute();

    /// A due webhook whose job's id was given to another job meanwhile.
    private static final String KEPT_PREFIX = "W#";

    private static final String PROMPT = "prompt";
    private static final int MOST = 1000;

    private final Table table;
    private final Protocol protocol;
    private final WebhookQueue queue;

    /// On this table.
    ///
    /// @param ids fresh operation ids
    public WebhookOutbox(
            Table table, JobSettings settings, Supplier<String> ids, WebhookQueue queue) {
        this.table = table;
        this.protocol = new Protocol(settings, ids);
        this.queue = queue;
    }

    /// A job item changed, as the table's stream tells.
    public void changed(@Nullable Item before, @Nullable Item after) {
        if (after == null || !JobItem.isJob(after) || !after.has(JobItem.HOOK)) {
            return;
        }
        String was = before == null ? null : before.textOrNull(JobItem.STATE);
        if (!after.text(JobItem.STATE).equals(was)) {
            handOver(after);
        }
    }

    /// Sends what became due before that moment and is due still; returns how many.
    public int sweep(String tenant, Instant until) {
        String bound = QueueOrder.count(until.toEpochMilli());
        List<Key> due =
                table.first(Query.of(JobItem.partition(tenant), Index.DUE), MOST).stream()
                        .filter(item -> item.text(DUE).compareTo(bound) <= 0)
                        .map(Item::key)
                        .toList();
        int sent = 0;
        for (Item item : table.getAll(due).values()) {
            if (item.has(DUE)) {
                handOver(item);
                sent++;
            }
        }
        return sent;
    }

    private void handOver(Item item) {
        Hook hook = Hook.of(item.text(JobItem.HOOK));
        event(item.text(JobItem.STATE))
                .filter(hook.events()::contains)
                .ifPresent(event -> queue.send(task(item, hook, event).json()));
        if (!item.has(DUE)) {
            return;
        }
        table.write(
                JobItem.isJob(item)
                        ? protocol.handedOver(JobItem.jobKey(item), item.text(DUE))
                        : Write.delete(item.key()));
    }

    private static Optional<WebhookEvent> event(String state) {
        return switch (state) {
            case "R" -> Optional.of(WebhookEvent.STARTED);
            case "S" -> Optional.of(WebhookEvent.COMPLETED);
            case "E" -> Optional.of(WebhookEvent.FAILED);
            case "I", "D" -> Optional.of(WebhookEvent.CANCELLED);
            default -> Optional.empty();
        };
    }

    private static WebhookTask task(Item item, Hook hook, WebhookEvent event) {
        return new WebhookTask(
                item.key().partition().substring(JobItem.partition("").length()),
                JobItem.isJob(item) ? JobItem.jobKey(item).promptId() : item.text(PROMPT),
                item.text(JobItem.BODY),
                hook.source(),
                event,
                Double.parseDouble(item.text(JobItem.NUMBER)),
                Instant.ofEpochMilli(item.whole(JobItem.CREATED)));
    }

    /// Whether an ended job's webhook was not handed over yet.
    static boolean isDue(Item job) {
        return job.has(DUE);
    }

    /// Keeps the due webhook of a job whose item is about to be written over.
    static Write keep(Item job) {
        String tenant = JobItem.jobKey(job).tenant();
        Item kept =
                Item.of(new Key(JobItem.partition(tenant), KEPT_PREFIX + job.text(JobItem.BODY)))
                        .with(PROMPT, JobItem.jobKey(job).promptId());
        for (String name :
                List.of(JobItem.STATE, JobItem.NUMBER, JobItem.BODY, JobItem.HOOK, DUE)) {
            kept = kept.with(name, job.text(name));
        }
        return Write.put(kept.with(JobItem.CREATED, job.whole(JobItem.CREATED)));
    }
}
