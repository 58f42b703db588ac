package comfyserverless.contract.job.simulation;

import comfyserverless.contract.account.Meter;
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
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/// One task's view of the table on top of a [SimulatedTable]: now and then the SDK gives up, and nobody knows whether
/// the write was made; and one [LimitFault].
final class LimitedTable implements Table {
    private final Table table;
    private final World world;
    private boolean claimed;

    /// What the views of one simulation share.
    ///
    /// @param firstSeen tenants' items as they were first read
    record World(
            Random random,
            Clock clock,
            SimulatedTable.Faults faults,
            LimitFault fault,
            Map<Key, Item> firstSeen) {}

    LimitedTable(Table table, World world) {
        this.table = table;
        this.world = world;
    }

    private boolean has(LimitFault fault) {
        return world.fault() == fault;
    }

    private void perhapsGiveUp() {
        if (world.random().nextInt(1000) < world.faults().crashes) {
            throw new UncheckedIOException(new IOException("no answer"));
        }
    }

    @Override
    public Optional<Item> get(Key key) {
        Optional<Item> item = table.get(key);
        return has(LimitFault.LIMIT_READ_ONCE) && isTenant(key)
                ? item.map(this::withFirstLimits)
                : item;
    }

    private Item withFirstLimits(Item item) {
        Item first = world.firstSeen().computeIfAbsent(item.key(), _ -> item);
        Map<String, Value> values = new HashMap<>(item.values());
        values.remove("maxRunning");
        if (first.has("maxRunning")) {
            values.put("maxRunning", Value.of(first.whole("maxRunning")));
        }
        return new Item(item.key(), values);
    }

    @Override
    public Map<Key, Item> getAll(Collection<Key> keys) {
        return table.getAll(keys);
    }

    @Override
    public Page query(Query query) {
        Page page = table.query(query);
        if (has(LimitFault.NO_SECOND_LOOK) && claimed && query.index() == Index.RUN) {
            claimed = false;
            return new Page(List.of(), null);
        }
        return has(LimitFault.FIRST_TENANT_ONLY) && query.partition().startsWith("A#")
                ? new Page(page.items().stream().limit(1).toList(), null)
                : page;
    }

    @Override
    public int count(Query query) {
        return table.count(
                has(LimitFault.COUNTS_WHAT_WAS_CLEARED) && query.index() == Index.POS
                        ? query.where(Condition.always())
                        : query);
    }

    @Override
    public void scan(Consumer<Item> each) {
        table.scan(each);
    }

    @Override
    public Outcome write(Write write) {
        if (has(LimitFault.NEVER_COUNTS_ANEW) && countsAnew(write)) {
            Optional<Item> there = table.get(write.key()).filter(item -> item.has("n"));
            if (there.isPresent()) {
                return new Outcome.Refused(there.get());
            }
        }
        Outcome outcome =
                table.write(
                        has(LimitFault.COUNTS_ANEW_BLINDLY) && countsAnew(write)
                                ? blind((Write.Update) write)
                                : write);
        perhapsGiveUp();
        if (outcome.done()) {
            afterwards(write);
        }
        return outcome;
    }

    private void afterwards(Write write) {
        boolean claims = sets(write, "run");
        claimed |= claims;
        boolean counts =
                (claims && has(LimitFault.METERS_AT_CLAIM))
                        || (returns(write) && has(LimitFault.METERS_AT_RETURN));
        if (counts) {
            String tenant = write.key().partition().substring("Q#".length());
            table.write(
                    Write.update(
                            TenantItem.key(tenant),
                            Meter.ended(world.clock().instant(), Duration.ofSeconds(1))
                                    .toArray(Change[]::new)));
        }
    }

    @Override
    public boolean transact(List<Write> writes) {
        List<Write> together = new ArrayList<>(writes);
        List<Write> meter = writes.stream().filter(LimitedTable::meters).toList();
        if (has(LimitFault.METERS_APART)) {
            together.removeAll(meter);
        }
        if (has(LimitFault.KEEPS_COUNT_AT_CHANGE)) {
            together.removeIf(LimitedTable::beginsAnew);
        }
        if (has(LimitFault.TAKES_ROOM_BLINDLY)) {
            together.replaceAll(
                    write -> isWaiting(write.key()) ? blind((Write.Update) write) : write);
        }
        boolean done = table.transact(together);
        if (has(done ? LimitFault.METERS_APART : LimitFault.METERS_WITHOUT_FENCE)) {
            meter.forEach(table::write);
        }
        perhapsGiveUp();
        if (done) {
            writes.forEach(this::afterwards);
        }
        return done;
    }

    private static Write blind(Write.Update update) {
        List<Change> changes = new ArrayList<>(update.changes());
        String operation = update.operation();
        if (operation != null) {
            changes.add(Change.set(Write.OPERATION, operation));
        }
        return Write.update(update.key(), changes.toArray(Change[]::new));
    }

    private static boolean isTenant(Key key) {
        return key.partition().startsWith("T#") && key.sort().equals("0");
    }

    private static boolean isWaiting(Key key) {
        return key.partition().startsWith("T#") && key.sort().equals("waiting");
    }

    private static boolean countsAnew(Write write) {
        return isWaiting(write.key()) && sets(write, "n");
    }

    private static boolean beginsAnew(Write write) {
        return isWaiting(write.key()) && sets(write, "until") && !sets(write, "n");
    }

    private static boolean returns(Write write) {
        return write.key().partition().startsWith("Q#") && sets(write, "pos");
    }

    private static boolean sets(Write write, String name) {
        return write instanceof Write.Update update
                && update.changes().stream()
                        .anyMatch(change ->
                                change instanceof Change.Set set && set.name().equals(name));
    }

    private static boolean meters(Write write) {
        return isTenant(write.key())
                && write instanceof Write.Update update
                && update.changes().stream()
                        .anyMatch(change ->
                                change instanceof Change.Add add && add.name().startsWith("gpu"));
    }
}
