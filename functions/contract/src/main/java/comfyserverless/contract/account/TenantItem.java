package comfyserverless.contract.account;

import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;

/// Where a tenant's own things stand: `T#{tenant}` / `0` has its counters, marks, limits and what it has
/// used; `T` / `{tenant}` says that there is such a tenant.
public final class TenantItem {
    /// How many bytes its files have, as far as that is counted.
    public static final String STORED = "stored";

    /// Set while the tenant is being deleted.
    public static final String CLOSING = "closing";

    /// Until when the number of prompts that wait may be believed, milliseconds; on the item of [#waiting].
    public static final String COUNTED_UNTIL = "until";

    /// The partition of the list of all.
    public static final String DIRECTORY = "T";

    private TenantItem() {}

    public static Key key(String tenant) {
        return new Key("T#" + tenant, "0");
    }

    /// Where the prompts that wait are counted, of a tenant whose are limited.
    public static Key waiting(String tenant) {
        return new Key("T#" + tenant, "waiting");
    }

    /// Where it is listed among all.
    public static Key listed(String tenant) {
        return new Key(DIRECTORY, tenant);
    }

    /// The limits that the tenant has of its own.
    public static Limits limits(Item item) {
        return Limits.of(item);
    }
}
