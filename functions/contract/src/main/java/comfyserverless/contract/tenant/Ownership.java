package comfyserverless.contract.tenant;

import comfyserverless.contract.account.TenantItem;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.table.Item;
import java.util.List;
import java.util.Optional;

/// Whose an item of the table, or an object of the store, is. A new kind of either gets a line here, or it would stay
/// when its tenant is deleted.
public final class Ownership {
    /// Items that many tenants have in one partition name their own in this attribute.
    private static final String TENANT = "tenant";

    private Ownership() {}

    /// The tenant of an item; empty for what belongs to the deployment.
    ///
    /// @throws IllegalStateException for a kind of item that nobody told this class of: it would stay when
    ///     its tenant is deleted
    public static Optional<String> of(Item item) {
        String partition = item.key().partition();
        String[] parts = partition.split("#", -1);
        return switch (parts[0]) {
            case "B", "C", "D", "E", "F", "L", "M", "N", "O", "P", "Q", "S", "U", "V", "W" ->
                    Optional.of(parts[1]);
            case "T" -> Optional.of(parts.length == 1 ? item.key().sort() : parts[1]);
            case "A" -> Optional.of(item.key().sort());
            case "K", "X", "Y" -> Optional.ofNullable(item.textOrNull(TENANT));
            case "H" -> ofModelsOrWebhooks(item, parts);
            case "G", "R", "Z" -> Optional.empty();
            default ->
                    throw new IllegalStateException(
                            "nobody knows whose the item " + item.key() + " is");
        };
    }

    /// `H` / `{owner}` is a list of models, `H#scan` the deployment's, `H#{tenant}` a tenant's webhooks.
    private static Optional<String> ofModelsOrWebhooks(Item item, String[] parts) {
        String owner = parts.length == 1 ? item.key().sort() : parts[1];
        boolean shared = parts.length == 1 && owner.equals(ModelIndex.SHARED);
        boolean scan = parts.length > 1 && owner.equals("scan") && item.key().sort().equals("0");
        return shared || scan ? Optional.empty() : Optional.of(owner);
    }

    /// What the keys of the tenant's objects begin with.
    static List<String> objects(String tenant) {
        return List.of("b", "c", "d", "f", "o", "t", "u").stream()
                .map(kind -> kind + "/" + tenant + "/")
                .toList();
    }

    /// What goes last: while it is there the tenant is being deleted.
    static boolean isAccount(Item item, String tenant) {
        return item.key().equals(TenantItem.key(tenant))
                || item.key().equals(TenantItem.listed(tenant));
    }
}
