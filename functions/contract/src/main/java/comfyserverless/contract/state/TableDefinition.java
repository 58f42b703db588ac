package comfyserverless.contract.state;

import java.util.Arrays;
import java.util.List;

/// The one table: string keys, local secondary indexes made with it (they cannot be added later), a
/// stream of new and old images, and the attribute that holds an item's expiry (epoch seconds).
///
/// @param indexes each index's name and its sort key attribute (a string), the projected attributes
public record TableDefinition(
        String partitionKey, String sortKey, List<Index> indexes, String expiryAttribute) {

    /// A sparse index: an item without the sort key does not appear in it.
    public record Index(String name, String sortKey, List<String> projected) {
        public Index {
            projected = List.copyOf(projected);
        }
    }

    /// When an item ends, in seconds since 1970.
    public static final String EXPIRY = "exp";

    /// What the indexes carry besides the keys: nothing that changes while a job runs, such as its
    /// lease.
    public static final List<String> PLACE =
            List.of("number", "seq", "fence", "clientId", "own", "body");

    /// The table of protocol version 1, with the sparse orders of
    /// [comfyserverless.contract.table.Index].
    public static final TableDefinition COMFY =
            new TableDefinition(
                    "PK",
                    "SK",
                    Arrays.stream(comfyserverless.contract.table.Index.values())
                            .filter(index -> index != comfyserverless.contract.table.Index.MAIN)
                            .map(index -> new Index(index.attribute(), index.attribute(), PLACE))
                            .toList(),
                    EXPIRY);

    public TableDefinition {
        indexes = List.copyOf(indexes);
    }
}
