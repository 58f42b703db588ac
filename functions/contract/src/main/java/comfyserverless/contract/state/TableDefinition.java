package comfyserverless.contract.state;

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

    private static final List<String> PLACE = List.of("number", "seq", "fence", "clientId", "own");

    /// The table of protocol version 1: `pos` orders what waits, `run` what runs, `his` what ended,
    /// `cli` a client's jobs; `more` is spare.
    public static final TableDefinition COMFY =
            new TableDefinition(
                    "PK",
                    "SK",
                    List.of(
                            new Index("pos", "pos", PLACE),
                            new Index("run", "run", PLACE),
                            new Index("his", "his", PLACE),
                            new Index("cli", "cli", PLACE),
                            new Index("more", "more", PLACE)),
                    "exp");

    public TableDefinition {
        indexes = List.copyOf(indexes);
    }
}
