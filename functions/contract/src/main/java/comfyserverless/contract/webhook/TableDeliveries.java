package comfyserverless.contract.webhook;

import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Page;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [Deliveries] on the table: `H#{tenant}` / `D#{id}`, kept for 30 days.
/// Each try is a conditional write of the number of tries, so that two of one call never run at once.
public final class TableDeliveries implements Deliveries {
    private static final String PREFIX = "D#";
    private static final String TASK = "task";
    private static final String STATE = "state";
    private static final String TRIES = "tries";
    private static final String AT = "at";
    private static final String BUSY = "busy";
    private static final String ANSWER = "answer";
    private static final String PAYLOAD = "payload";
    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration ADDRESS_KEPT = Duration.ofDays(60);

    private final Table table;
    private final Clock clock;
    private final Supplier<String> operations;

    /// @param operations fresh operation ids
    public TableDeliveries(Table table, Clock clock, Supplier<String> operations) {
        this.table = table;
        this.clock = clock;
        this.operations = operations;
    }

    /// The item that keeps the address which came with a prompt, apart from the prompt.
    ///
    /// @param body the name of the job's acceptance
    public static Item ofPrompt(String tenant, String body, WebhookTarget target, Instant now) {
        Item item = Item.of(promptKey(tenant, body)).expiring(now.plus(ADDRESS_KEPT));
        return TableWebhookSettings.withTarget(item, target);
    }

    public static Key promptKey(String tenant, String body) {
        return TableWebhookSettings.key(tenant, "J#" + body);
    }

    private static Key key(WebhookTask task) {
        return TableWebhookSettings.key(task.tenant(), PREFIX + task.id());
    }

    @Override
    public Turn begin(WebhookTask task, Duration busy, Supplier<String> payload) {
        Instant now = clock.instant();
        Key tenant = TenantItem.key(task.tenant());
        Map<Key, Item> found = table.getAll(List.of(key(task), tenant));
        Item seen = found.get(key(task));
        if (!isServed(found.get(tenant)) || (seen != null && !isOpen(seen, task))) {
            return new Turn.Over();
        }
        if (seen != null && seen.wholeOr(BUSY, 0) > now.toEpochMilli()) {
            return new Turn.Busy();
        }
        Write write = seen == null ? first(task, busy, payload.get(), now) : next(seen, busy, now);
        return table.write(write) instanceof Outcome.Done done
                ? new Turn.Try(delivery(done.written()), target(task))
                : new Turn.Busy();
    }

    /// A record that is written after the tenant's would stay for ever.
    private static boolean isServed(@Nullable Item tenant) {
        return tenant != null && !tenant.has(TenantItem.CLOSING);
    }

    private static boolean isOpen(Item item, WebhookTask task) {
        return switch (state(item)) {
            case WAITING, FAILED -> task.round() >= WebhookTask.of(item.text(TASK)).round();
            case DELIVERED, GONE -> false;
        };
    }

    private Write first(WebhookTask task, Duration busy, String payload, Instant now) {
        Item item =
                Item.of(key(task))
                        .with(TASK, task.json())
                        .with(STATE, Delivery.State.WAITING.name())
                        .with(TRIES, 1)
                        .with(AT, now.toEpochMilli())
                        .with(BUSY, now.plus(busy).toEpochMilli())
                        .with(PAYLOAD, payload)
                        .expiring(now.plus(KEPT));
        return Write.put(item, Condition.absent(), operations.get());
    }

    private Write next(Item seen, Duration busy, Instant now) {
        boolean anew = state(seen) == Delivery.State.FAILED;
        List<Change> changes =
                List.of(
                        Change.set(STATE, Delivery.State.WAITING.name()),
                        Change.set(TRIES, anew ? 1 : seen.whole(TRIES) + 1),
                        Change.set(AT, now.toEpochMilli()),
                        Change.set(BUSY, now.plus(busy).toEpochMilli()));
        return Write.update(seen.key(), unchanged(seen), operations.get(), changes);
    }

    private static Condition unchanged(Item seen) {
        return Condition.all(
                Condition.is(STATE, seen.text(STATE)),
                Condition.is(TRIES, seen.whole(TRIES)),
                Condition.is(AT, seen.whole(AT)));
    }

    private @Nullable WebhookTarget target(WebhookTask task) {
        Key key =
                switch (task.source()) {
                    case PROMPT -> promptKey(task.tenant(), task.body());
                    case TENANT -> TableWebhookSettings.key(task.tenant(), "T");
                };
        return table.get(key).map(TableWebhookSettings::target).orElse(null);
    }

    /// A try whose time was over, and that somebody else has taken since, notes nothing.
    @Override
    public void end(Delivery delivery, Delivery.State state, String answer) {
        Condition held =
                Condition.all(
                        Condition.is(TRIES, delivery.tries()),
                        Condition.is(AT, delivery.at().toEpochMilli()));
        List<Change> changes =
                List.of(
                        Change.set(STATE, state.name()),
                        Change.set(ANSWER, answer),
                        Change.remove(BUSY));
        table.write(Write.update(key(delivery.task()), held, operations.get(), changes));
    }

    @Override
    public List<Delivery> list(String tenant, int most) {
        Query newest =
                Query.of("H#" + tenant, Index.MAIN).beginningWith(PREFIX).backward().limit(most);
        return table.first(newest, most).stream().map(TableDeliveries::delivery).toList();
    }

    @Override
    public void each(String tenant, Consumer<Delivery> each) {
        Query all = Query.of("H#" + tenant, Index.MAIN).beginningWith(PREFIX);
        Page page = table.query(all);
        page.items().forEach(item -> each.accept(delivery(item)));
        while (page.next() != null) {
            page = table.query(all.from(page.next()));
            page.items().forEach(item -> each.accept(delivery(item)));
        }
    }

    @Override
    public Optional<Delivery> find(String tenant, String id) {
        return table.get(TableWebhookSettings.key(tenant, PREFIX + id))
                .map(TableDeliveries::delivery);
    }

    @Override
    public WebhookTask reopen(Delivery delivery) {
        WebhookTask task = delivery.task().again();
        List<Change> changes = new ArrayList<>();
        changes.add(Change.set(STATE, Delivery.State.WAITING.name()));
        changes.add(Change.set(TRIES, 0));
        changes.add(Change.set(TASK, task.json()));
        changes.add(Change.remove(BUSY));
        table.write(Write.update(key(task), Condition.present(), operations.get(), changes));
        return task;
    }

    private static Delivery.State state(Item item) {
        return Delivery.State.valueOf(item.text(STATE));
    }

    private static Delivery delivery(Item item) {
        return new Delivery(
                WebhookTask.of(item.text(TASK)),
                state(item),
                (int) item.whole(TRIES),
                Instant.ofEpochMilli(item.whole(AT)),
                item.textOrNull(ANSWER),
                item.text(PAYLOAD));
    }
}
