package comfyserverless.contract.webhook;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// [WebhookSettings] on the table: `H#{tenant}` / `T` the address, `S` the secrets. That there is an
/// address stands in the tenant's item too (`T#{tenant}`), which every enqueue writes and sees.
public final class TableWebhookSettings implements WebhookSettings {
    /// The attribute of the tenant's item that holds the mark for its jobs.
    public static final String MARK = "hook";

    private static final String URL = "url";
    private static final String EVENTS = "events";
    private static final String SECRET = "secret";
    private static final String PREVIOUS = "previous";
    private static final String UNTIL = "until";
    private static final Duration OVERLAP = Duration.ofDays(1);
    private static final int ROUNDS = 5;

    private final Table table;
    private final Clock clock;
    private final Supplier<String> operations;
    private final Supplier<byte[]> random;

    /// On this table.
    ///
    /// @param operations fresh operation ids
    /// @param random fresh bytes that nobody can guess, 24 to 64
    public TableWebhookSettings(
            Table table, Clock clock, Supplier<String> operations, Supplier<byte[]> random) {
        this.table = table;
        this.clock = clock;
        this.operations = operations;
        this.random = random;
    }

    static Key key(String tenant, String sort) {
        return new Key("H#" + tenant, sort);
    }

    /// An item with an address in it.
    public static Item withTarget(Item item, WebhookTarget target) {
        return item.with(URL, target.url().toString())
                .with(EVENTS, WebhookEvent.letters(target.events()));
    }

    /// The address in an item.
    static WebhookTarget target(Item item) {
        return new WebhookTarget(
                URI.create(item.text(URL)), WebhookEvent.ofLetters(item.text(EVENTS)));
    }

    @Override
    public Optional<WebhookTarget> target(String tenant) {
        return table.get(key(tenant, "T")).map(TableWebhookSettings::target);
    }

    /// The address first: a job that bears the mark finds it.
    @Override
    public void setTarget(String tenant, WebhookTarget target) {
        table.write(Write.put(withTarget(Item.of(key(tenant, "T")), target)));
        Hook hook = new Hook(Hook.Source.TENANT, target.events());
        table.write(Write.update(tenantKey(tenant), Change.set(MARK, hook.text())));
    }

    @Override
    public boolean removeTarget(String tenant) {
        table.write(Write.update(tenantKey(tenant), Change.remove(MARK)));
        return table.write(Write.delete(key(tenant, "T"), Condition.present())).done();
    }

    private static Key tenantKey(String tenant) {
        return new Key("T#" + tenant, "0");
    }

    @Override
    public Secrets secrets(String tenant) {
        Optional<Item> there = table.get(key(tenant, "S"));
        if (there.isPresent()) {
            return secrets(there.get());
        }
        Item fresh = Item.of(key(tenant, "S")).with(SECRET, WebhookSecret.of(random.get()).text());
        return secrets(put(fresh, Condition.absent()));
    }

    /// The item as it now stands, whoever wrote it.
    private Item put(Item item, Condition condition) {
        return switch (table.write(Write.put(item, condition, operations.get()))) {
            case Outcome.Done done -> done.written();
            case Outcome.Refused(Item found) when found != null -> found;
            case Outcome.Refused _ ->
                    throw new IllegalStateException(item.key() + " was removed meanwhile");
        };
    }

    @Override
    public Secrets rotate(String tenant) {
        for (int round = 0; round < ROUNDS; round++) {
            Secrets old = secrets(tenant);
            Instant until = clock.instant().plus(OVERLAP);
            List<Change> changes =
                    List.of(
                            Change.set(SECRET, WebhookSecret.of(random.get()).text()),
                            Change.set(PREVIOUS, old.current().text()),
                            Change.set(UNTIL, until.toEpochMilli()));
            Condition unchanged = Condition.is(SECRET, old.current().text());
            Write write = Write.update(key(tenant, "S"), unchanged, operations.get(), changes);
            if (table.write(write) instanceof Outcome.Done done) {
                return secrets(done.written());
            }
        }
        throw new IllegalStateException(
                "the webhook secret of " + tenant + " is changed by others all the time");
    }

    private static Secrets secrets(Item item) {
        return new Secrets(
                WebhookSecret.of(item.text(SECRET)),
                item.has(PREVIOUS) ? WebhookSecret.of(item.text(PREVIOUS)) : null,
                item.has(UNTIL) ? Instant.ofEpochMilli(item.whole(UNTIL)) : null);
    }
}
