package comfyserverless.localstack.emulator.dynamodb.table;

import java.util.Map;

/// Write capacity units that one change takes: of the table, and of each index that it touched.
public record WriteUnits(int table, Map<String, Integer> indexes) {
    private static final int UNIT_BYTES = 1024;

    public WriteUnits {
        indexes = Map.copyOf(indexes);
    }

    public static int ofBytes(int bytes) {
        return Math.max(1, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }
}
