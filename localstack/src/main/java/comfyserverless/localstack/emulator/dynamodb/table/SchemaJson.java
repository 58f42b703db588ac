package comfyserverless.localstack.emulator.dynamodb.table;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.localstack.emulator.aws.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a table's schema from a CreateTable request.
public final class SchemaJson {
    private static final int MAX_LOCAL_INDEXES = 5;

    private SchemaJson() {}

    public static TableSchema read(JsonNode request, @Nullable String ttlAttribute) {
        String name = request.path("TableName").asText();
        if (!name.matches("[a-zA-Z0-9_.-]{3,255}")) {
            throw ServiceException.validation(
                    "TableName must be at least 3 characters long and at most 255 characters long, of letters,"
                            + " digits, '_', '-' and '.': "
                            + name);
        }
        Map<String, String> types = new LinkedHashMap<>();
        request.path("AttributeDefinitions")
                .forEach(d ->
                        types.put(
                                d.path("AttributeName").asText(),
                                d.path("AttributeType").asText()));
        Set<String> unused = new LinkedHashSet<>(types.keySet());
        KeyAttribute hash = key(request, "HASH", types, unused);
        if (hash == null) {
            throw ServiceException.validation(
                    "No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key");
        }
        KeyAttribute range = key(request, "RANGE", types, unused);
        List<IndexSchema> indexes = new ArrayList<>();
        JsonNode local = request.path("LocalSecondaryIndexes");
        if (local.size() > MAX_LOCAL_INDEXES) {
            throw ServiceException.validation(
                    "One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit"
                            + " of 5");
        }
        local.forEach(index -> indexes.add(index(index, false, types, unused)));
        request.path("GlobalSecondaryIndexes")
                .forEach(index -> indexes.add(index(index, true, types, unused)));
        checkIndexes(hash, range, indexes);
        if (!unused.isEmpty()) {
            throw ServiceException.validation(
                    "One or more parameter values were invalid: Some AttributeDefinitions are not used. Keys used:"
                            + " "
                            + types.keySet()
                            + ", unused: "
                            + unused);
        }
        return new TableSchema(name, hash, range, indexes, ttlAttribute);
    }

    private static void checkIndexes(
            KeyAttribute hash, @Nullable KeyAttribute range, List<IndexSchema> indexes) {
        Set<String> names = new LinkedHashSet<>();
        for (IndexSchema index : indexes) {
            if (!names.add(index.name())) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Duplicate index name: "
                                + index.name());
            }
            if (!index.global() && range == null) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Table KeySchema does not have a range key, which"
                                + " is required when specifying a LocalSecondaryIndex");
            }
            if (!index.global() && !index.hash().equals(hash)) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Index KeySchema does not have the same leading"
                                + " hash key as table KeySchema for index: "
                                + index.name());
            }
            if (!index.global() && index.range() == null) {
                throw ServiceException.validation(
                        "One or more parameter values were invalid: Index KeySchema does not have a range key for"
                                + " index: "
                                + index.name());
            }
        }
    }

    private static @Nullable KeyAttribute key(
            JsonNode owner, String role, Map<String, String> types, Set<String> unused) {
        for (JsonNode element : owner.path("KeySchema")) {
            if (element.path("KeyType").asText().equals(role)) {
                String name = element.path("AttributeName").asText();
                String type = types.get(name);
                if (type == null) {
                    throw ServiceException.validation(
                            "One or more parameter values were invalid: Some index key attributes are not defined in"
                                    + " AttributeDefinitions. Keys: ["
                                    + name
                                    + "], AttributeDefinitions: "
                                    + types.keySet());
                }
                unused.remove(name);
                return new KeyAttribute(name, type);
            }
        }
        return null;
    }

    private static IndexSchema index(
            JsonNode node, boolean global, Map<String, String> types, Set<String> unused) {
        KeyAttribute hash = key(node, "HASH", types, unused);
        if (hash == null) {
            throw ServiceException.validation("No Hash Key specified in the schema of an index");
        }
        Set<String> included = new LinkedHashSet<>();
        node.path("Projection").path("NonKeyAttributes").forEach(a -> included.add(a.asText()));
        String projection = node.path("Projection").path("ProjectionType").asText();
        IndexSchema.Shown shown =
                switch (projection) {
                    case "ALL" -> new IndexSchema.Shown.All();
                    case "KEYS_ONLY" -> new IndexSchema.Shown.KeysOnly();
                    case "INCLUDE" -> new IndexSchema.Shown.Include(included);
                    default ->
                            throw ServiceException.validation(
                                    "One or more parameter values were invalid: Unknown ProjectionType: "
                                            + projection);
                };
        return new IndexSchema(
                node.path("IndexName").asText(),
                global,
                hash,
                key(node, "RANGE", types, unused),
                shown);
    }
}
