package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.table.SchemaJson;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// The tables of the store; each is remembered as its CreateTable request, with its TTL attribute and creation time.
final class Tables {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATED = "CreationDateTime";
    private static final String TTL = "TimeToLiveAttribute";

    private final DurableStore store;
    private final Clock clock;
    private final MVMap<byte[], byte[]> definitions;
    private final Map<String, Table> open = new ConcurrentSkipListMap<>();

    Tables(DurableStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.definitions = store.map("tables");
        definitions.forEach((_, stored) -> openFrom(decode(stored)));
    }

    Collection<Table> all() {
        return List.copyOf(open.values());
    }

    /// The table of that name or ARN.
    Table named(String nameOrArn) {
        String name = nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
        Table table = open.get(name);
        if (table == null) {
            throw new ServiceException(
                    400,
                    "ResourceNotFoundException",
                    "Requested resource not found: Table: " + name + " not found");
        }
        return table;
    }

    Table of(JsonNode request) {
        return named(Requests.text(request, "TableName", ""));
    }

    ObjectNode create(JsonNode request) {
        return store.write(() -> {
            String name = SchemaJson.read(request, null).name();
            if (open.containsKey(name)) {
                throw new ServiceException(
                        400, "ResourceInUseException", "Table already exists: " + name);
            }
            ObjectNode definition = request.deepCopy();
            definition.put(CREATED, clock.millis() / 1000.0);
            save(definition);
            Table table = openFrom(definition);
            return envelope("TableDescription", describe(table));
        });
    }

    ObjectNode delete(JsonNode request) {
        return store.write(() -> {
            Table table = of(request);
            ObjectNode description = describe(table);
            description.put("TableStatus", "DELETING");
            open.remove(table.schema().name());
            definitions.remove(key(table.schema().name()));
            table.drop(store);
            return envelope("TableDescription", description);
        });
    }

    ObjectNode describe(JsonNode request) {
        return envelope("Table", describe(of(request)));
    }

    ObjectNode list(JsonNode request) {
        String after = Requests.text(request, "ExclusiveStartTableName", "");
        int limit = request.path("Limit").asInt(100);
        ObjectNode answer = JSON.createObjectNode();
        List<String> names =
                open.keySet().stream()
                        .filter(n -> n.compareTo(after) > 0)
                        .limit(limit + 1L)
                        .toList();
        List<String> page = names.subList(0, Math.min(limit, names.size()));
        page.forEach(answer.putArray("TableNames")::add);
        if (names.size() > limit) {
            answer.put("LastEvaluatedTableName", page.getLast());
        }
        return answer;
    }

    ObjectNode updateTimeToLive(JsonNode request) {
        JsonNode specification = request.path("TimeToLiveSpecification");
        String attribute =
                specification.path("Enabled").asBoolean()
                        ? specification.path("AttributeName").asText()
                        : null;
        return store.write(() -> {
            ObjectNode definition = definition(of(request));
            definition.put(TTL, attribute);
            save(definition);
            openFrom(definition).rebuildExpiries();
            ObjectNode answer = JSON.createObjectNode();
            answer.set("TimeToLiveSpecification", specification);
            return answer;
        });
    }

    ObjectNode describeTimeToLive(JsonNode request) {
        String attribute = of(request).schema().ttlAttribute();
        ObjectNode description = JSON.createObjectNode();
        description.put("TimeToLiveStatus", attribute == null ? "DISABLED" : "ENABLED");
        if (attribute != null) {
            description.put("AttributeName", attribute);
        }
        return envelope("TimeToLiveDescription", description);
    }

    /// Accepts the request: this store has no backups to recover from, and says so by leaving the times out.
    ObjectNode continuousBackups(JsonNode request) {
        of(request);
        JsonNode wanted =
                request.path("PointInTimeRecoverySpecification").path("PointInTimeRecoveryEnabled");
        ObjectNode description = JSON.createObjectNode();
        description.put("ContinuousBackupsStatus", "ENABLED");
        description
                .putObject("PointInTimeRecoveryDescription")
                .put("PointInTimeRecoveryStatus", wanted.asBoolean() ? "ENABLED" : "DISABLED");
        return envelope("ContinuousBackupsDescription", description);
    }

    private Table openFrom(ObjectNode definition) {
        Table table =
                Table.open(SchemaJson.read(definition, Requests.text(definition, TTL)), store);
        open.put(table.schema().name(), table);
        return table;
    }

    private ObjectNode describe(Table table) {
        ObjectNode description = definition(table);
        String name = table.schema().name();
        description.remove(List.of(TTL, "Tags", "SSESpecification", "BillingMode"));
        description.put("TableStatus", "ACTIVE");
        description.put("TableArn", Arns.table(name));
        description.put("TableId", "00000000-0000-0000-0000-000000000000");
        description.put("ItemCount", table.size());
        description.put("TableSizeBytes", 0);
        description.putObject("BillingModeSummary").put("BillingMode", "PAY_PER_REQUEST");
        if (description.path("StreamSpecification").path("StreamEnabled").asBoolean()) {
            description.put("LatestStreamArn", Arns.stream(name));
            description.put("LatestStreamLabel", "1970-01-01T00:00:00.000");
        }
        describeIndexes(name, description.path("LocalSecondaryIndexes"));
        describeIndexes(name, description.path("GlobalSecondaryIndexes"));
        return description;
    }

    private static void describeIndexes(String table, JsonNode indexes) {
        for (JsonNode index : indexes) {
            if (index instanceof ObjectNode node) {
                node.put("IndexArn", Arns.index(table, node.path("IndexName").asText()));
                node.put("IndexStatus", "ACTIVE");
                node.put("ItemCount", 0);
                node.put("IndexSizeBytes", 0);
            }
        }
    }

    private ObjectNode definition(Table table) {
        return decode(Objects.requireNonNull(definitions.get(key(table.schema().name()))));
    }

    private void save(ObjectNode definition) {
        try {
            definitions.put(
                    key(definition.path("TableName").asText()), JSON.writeValueAsBytes(definition));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode decode(byte[] stored) {
        try {
            return (ObjectNode) JSON.readTree(stored);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored table definition cannot be read", e);
        }
    }

    private static ObjectNode envelope(String name, @Nullable JsonNode content) {
        ObjectNode answer = JSON.createObjectNode();
        answer.set(name, content);
        return answer;
    }
}
