package comfyserverless.contract.account;

import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Table;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The limits of tenants as this process saw them lately. What passes by anyway of tenants' items is
/// [#seen], so that who counts prompts never reads limits.
public final class KnownLimits {
    private static final int MOST = 10_000;

    private final Table table;
    private final Clock clock;
    private final Limits standard;
    private final Map<String, Seen> known = new ConcurrentHashMap<>();

    private record Seen(Limits limits, boolean closing, Instant at) {}

    /// Knows nothing yet.
    ///
    /// @param standard those of tenants without their own
    public KnownLimits(Table table, Clock clock, Limits standard) {
        this.table = table;
        this.clock = clock;
        this.standard = standard;
    }

    /// What holds for the tenant, at most [Accounts#TRUSTED] old.
    public Limits of(String tenant) {
        return recent(tenant).limits();
    }

    /// Whether the tenant is being deleted, as it was at most [Accounts#TRUSTED] ago.
    boolean closing(String tenant) {
        return recent(tenant).closing();
    }

    private Seen recent(String tenant) {
        Seen seen = known.get(tenant);
        return seen != null && clock.instant().isBefore(seen.at().plus(Accounts.TRUSTED))
                ? seen
                : remember(tenant, table.get(TenantItem.key(tenant)).orElse(null));
    }

    /// What an item just read or written says; null for a tenant without one.
    public Limits seen(String tenant, @Nullable Item item) {
        return remember(tenant, item).limits();
    }

    private Seen remember(String tenant, @Nullable Item item) {
        if (known.size() > MOST) {
            known.clear();
        }
        Limits limits = item == null ? standard : Limits.of(item).or(standard);
        boolean closing = item != null && item.has(TenantItem.CLOSING);
        Seen seen = new Seen(limits, closing, clock.instant());
        known.put(tenant, seen);
        return seen;
    }
}
