package comfyserverless.contract.account;

import static comfyserverless.contract.table.Condition.absent;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// [Accounts] on the table; [TenantItem] says where.
public final class TableAccounts implements Accounts {
    private static final String MADE = "made";

    private final Table table;
    private final Clock clock;
    private final Supplier<String> operations;
    private final KnownLimits known;

    /// On this table.
    ///
    /// @param operations fresh operation ids
    public TableAccounts(Table table, Clock clock, Supplier<String> operations, KnownLimits known) {
        this.table = table;
        this.clock = clock;
        this.operations = operations;
        this.known = known;
    }

    @Override
    public boolean create(String tenant, Limits own) {
        Identity.requireTenant(tenant);
        Item row = Item.of(TenantItem.listed(tenant)).with(MADE, clock.millis());
        boolean made = table.write(Write.put(row, absent(), operations.get())).done();
        if (made) {
            limit(tenant, own, Set.of());
        }
        return made;
    }

    @Override
    public List<Account> all() {
        List<Item> rows = table.all(Query.of(TenantItem.DIRECTORY, Index.MAIN));
        List<Key> keys = rows.stream().map(row -> TenantItem.key(row.key().sort())).toList();
        Map<Key, Item> items = table.getAll(keys);
        List<Account> accounts = new ArrayList<>();
        for (Item row : rows) {
            Key key = TenantItem.key(row.key().sort());
            accounts.add(account(row, items.getOrDefault(key, Item.of(key))));
        }
        return accounts;
    }

    @Override
    public Optional<Account> find(String tenant) {
        if (!Identity.isTenant(tenant)) {
            return Optional.empty();
        }
        Key listed = TenantItem.listed(tenant);
        Key key = TenantItem.key(tenant);
        Map<Key, Item> items = table.getAll(List.of(listed, key));
        Item row = items.get(listed);
        return row == null
                ? Optional.empty()
                : Optional.of(account(row, items.getOrDefault(key, Item.of(key))));
    }

    private static Account account(Item row, Item item) {
        return new Account(
                row.key().sort(),
                Instant.ofEpochMilli(row.whole(MADE)),
                Limits.of(item),
                item.has(TenantItem.CLOSING));
    }

    @Override
    public void limit(String tenant, Limits set, Set<Limit> lifted) {
        Identity.requireTenant(tenant);
        List<Change> changes = new ArrayList<>();
        set.values().forEach((limit, value) -> changes.add(Change.set(limit.attribute(), value)));
        lifted.stream()
                .filter(limit -> set.find(limit).isEmpty())
                .forEach(limit -> changes.add(Change.remove(limit.attribute())));
        if (!changes.isEmpty()) {
            Key key = TenantItem.key(tenant);
            write(
                    tenant,
                    Write.update(key, changes.toArray(Change[]::new)),
                    changesPending(set, lifted));
            known.seen(tenant, table.get(key).orElse(null));
        }
    }

    private static boolean changesPending(Limits set, Set<Limit> lifted) {
        return set.find(Limit.PENDING).isPresent() || lifted.contains(Limit.PENDING);
    }

    /// While nothing limits them nobody counts the prompts that wait: with such a limit they have to be counted anew.
    private void write(String tenant, Write limits, boolean countAnew) {
        if (countAnew) {
            Write forget =
                    Write.update(
                            TenantItem.waiting(tenant),
                            Change.set(TenantItem.COUNTED_UNTIL, 0),
                            Change.set(Write.OPERATION, operations.get()));
            table.transact(List.of(limits, forget));
        } else {
            table.write(limits);
        }
    }

    @Override
    public Limits limits(String tenant) {
        return known.of(tenant);
    }

    @Override
    public boolean isClosing(String tenant) {
        return known.closing(tenant);
    }

    @Override
    public List<Usage> usage(String tenant) {
        return table.get(TenantItem.key(tenant)).map(Meter::usage).orElse(List.of());
    }
}
