package comfyserverless.contract.table;

/// The primary key of an item.
///
/// @param partition the attribute `PK`
/// @param sort the attribute `SK`
public record Key(String partition, String sort) {
    public Key {
        if (partition.isEmpty() || sort.isEmpty()) {
            throw new IllegalArgumentException(
                    "key \"" + partition + "\", \"" + sort + "\" has an empty part");
        }
    }

    @Override
    public String toString() {
        return partition + " / " + sort;
    }
}
