package comfyserverless.localstack.emulator.dynamodb;

import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.expression.Condition;
import comfyserverless.localstack.emulator.dynamodb.expression.ConditionEvaluator;
import comfyserverless.localstack.emulator.dynamodb.expression.UpdateApplier;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.dynamodb.table.WriteUnits;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.dynamodb.wire.ValueJson;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Carries out writes in two steps, so that all conditions are known before anything is written: prepare, then apply.
/// Both run inside one [DurableStore#write].
final class Writer {
    private final DurableStore store;
    private final Streams streams;

    Writer(DurableStore store, Streams streams) {
        this.store = store;
        this.streams = streams;
    }

    /// A change whose condition holds: the item before and after, null where there is none.
    record Prepared(
            WriteRequest request,
            @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after) {
        boolean changes() {
            return !(request instanceof WriteRequest.Check) && (before != null || after != null);
        }
    }

    /// What a change did.
    record Written(
            @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after,
            WriteUnits units) {}

    Written write(WriteRequest request) {
        return store.write(() -> apply(prepare(request)));
    }

    /// Writes of a batch, which have no conditions, with one commit.
    List<Written> writeAll(List<WriteRequest> requests) {
        return store.write(() -> {
            List<Prepared> prepared = requests.stream().map(this::prepare).toList();
            return prepared.stream().map(this::apply).toList();
        });
    }

    Prepared prepare(WriteRequest request) {
        WriteRequest.Target target = request.target();
        Map<String, Value> before = target.table().get(target.encodedKey());
        Condition condition = target.condition();
        if (condition != null
                && !ConditionEvaluator.holds(condition, before == null ? Map.of() : before)) {
            throw conditionFailed(target, before);
        }
        Map<String, Value> after =
                switch (request) {
                    case WriteRequest.Put put -> put.item();
                    case WriteRequest.Modify modify -> updated(modify, before);
                    case WriteRequest.Delete _ -> null;
                    case WriteRequest.Check _ -> before;
                };
        return new Prepared(request, before, after);
    }

    private static Map<String, Value> updated(
            WriteRequest.Modify modify, @Nullable Map<String, Value> before) {
        Map<String, Value> base =
                before == null ? new LinkedHashMap<>(modify.target().key()) : before;
        Map<String, Value> after = UpdateApplier.apply(modify.update(), base);
        modify.target().table().schema().checkItem(after);
        if (Sizes.of(after) > WriteRequest.MAX_ITEM_BYTES) {
            throw ServiceException.validation(
                    "Item size to update has exceeded the maximum allowed size");
        }
        return after;
    }

    private static ServiceException conditionFailed(
            WriteRequest.Target target, @Nullable Map<String, Value> before) {
        ServiceException failure =
                new ServiceException(
                        400, "ConditionalCheckFailedException", "The conditional request failed");
        if (target.oldItemOnFailure() && before != null) {
            failure.fields().set("Item", ValueJson.writeItem(before));
        }
        return failure;
    }

    Written apply(Prepared prepared) {
        Map<String, Value> before = prepared.before();
        Map<String, Value> after = prepared.after();
        if (!prepared.changes()) {
            int size = before == null ? 0 : Sizes.of(before);
            return new Written(before, after, new WriteUnits(WriteUnits.ofBytes(size), Map.of()));
        }
        WriteRequest.Target target = prepared.request().target();
        Table table = target.table();
        WriteUnits units = table.write(target.encodedKey(), before, after);
        streams.changed(table.schema(), new Streams.Change(target.key(), before, after, false));
        return new Written(before, after, units);
    }

    /// Removes an item whose TTL has passed, unless it was changed meanwhile.
    void expire(Table table, byte[] key, long epochSeconds) {
        store.write(() -> {
            Map<String, Value> item = table.get(key);
            String attribute = table.schema().ttlAttribute();
            if (item != null
                    && attribute != null
                    && item.get(attribute) instanceof Value.N(var seconds)
                    && seconds.longValue() < epochSeconds) {
                table.write(key, item, null);
                Map<String, Value> itemKey = table.schema().keyOf(item);
                streams.changed(table.schema(), new Streams.Change(itemKey, item, null, true));
            }
            return table;
        });
    }
}
