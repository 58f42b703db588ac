package comfyserverless.contract.table;

import java.util.List;

/// The table's shape, from which the emulators, the adapter and the CDK app make it.
public final class TableDefinition {
    public static final String NAME = "comfy-serverless";
    public static final String PARTITION_KEY = "PK";
    public static final String SORT_KEY = "SK";

    /// When an item ends, in seconds since 1970 (the table's TTL attribute).
    public static final String EXPIRY = "exp";

    /// What the stream shows of a change.
    public static final String STREAM_VIEW = "NEW_AND_OLD_IMAGES";

    /// The local secondary indexes, each named after the text attribute that sorts it. They cannot
    /// be added to a table that exists.
    public static final List<Index> INDEXES =
            List.of(Index.POS, Index.RUN, Index.HIS, Index.CLI, Index.SPARE);

    /// The attributes that the indexes carry besides the keys: nothing that changes while a job runs.
    public static final List<String> PROJECTED =
            List.of("number", "seq", "clientId", "own", "fence", "body");

    private TableDefinition() {}
}
