package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.dynamodb.table.IndexSchema;
import comfyserverless.localstack.emulator.dynamodb.table.TableSchema;
import comfyserverless.localstack.emulator.dynamodb.table.WriteUnits;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sums up the capacity units that one request takes of one table, and prints them as the request asked.
final class Capacity {
    private static final int READ_UNIT_BYTES = 4096;

    private final TableSchema table;
    private final Map<String, Double> indexes = new LinkedHashMap<>();
    private double ofTable;

    Capacity(TableSchema table) {
        this.table = table;
    }

    void addWrite(WriteUnits units, int factor) {
        ofTable += (double) units.table() * factor;
        units.indexes()
                .forEach((index, n) -> indexes.merge(index, (double) n * factor, Double::sum));
    }

    /// `bytes` were read together: rounded up to 4 KB, half a unit each where the read was eventually consistent.
    void addRead(@Nullable String index, int bytes, double unit) {
        double units = Math.max(1, (bytes + READ_UNIT_BYTES - 1) / READ_UNIT_BYTES) * unit;
        if (index == null) {
            ofTable += units;
        } else {
            indexes.merge(index, units, Double::sum);
        }
    }

    /// ConsumedCapacity, or null when the request did not ask for it.
    @Nullable ObjectNode asked(JsonNode request) {
        return switch (Requests.text(request, "ReturnConsumedCapacity", "NONE")) {
            case "TOTAL" -> total();
            case "INDEXES" -> byIndex();
            default -> null;
        };
    }

    private ObjectNode total() {
        double sum = ofTable + indexes.values().stream().mapToDouble(Double::doubleValue).sum();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("TableName", table.name());
        node.put("CapacityUnits", sum);
        return node;
    }

    private ObjectNode byIndex() {
        ObjectNode node = total();
        node.putObject("Table").put("CapacityUnits", ofTable);
        indexes.forEach((name, units) -> {
            IndexSchema index = table.index(name);
            String field = index.global() ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes";
            node.withObjectProperty(field).putObject(name).put("CapacityUnits", units);
        });
        return node;
    }
}
