package comfyserverless.aws.dynamo;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.job.Pause;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Page;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// [Table] on DynamoDB: executes writes and queries as they are, decides nothing.
public final class DynamoTable implements Table {
    private static final int WRITE_BATCH = 25;

    /// So often a write is tried again that met a transaction.
    static final int CONFLICTS = 8;

    private final DynamoDbClient dynamo;
    private final String name;
    private final Clock clock;
    private final Pause pause;
    private final BatchReads reads;
    private final Transactions transactions;

    /// @param pause the wait before a write or transaction that met another transaction is tried again
    public DynamoTable(DynamoDbClient dynamo, String name, Clock clock, Pause pause) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
        this.pause = pause;
        this.reads = new BatchReads(dynamo, name, pause);
        this.transactions = new Transactions(dynamo, name, pause);
    }

    @Override
    public Optional<Item> get(Key key) {
        Map<String, AttributeValue> attributes =
                translated(
                        () -> "cannot read item " + key,
                        () ->
                                dynamo.getItem(get ->
                                                get.tableName(name)
                                                        .key(Attributes.of(key))
                                                        .consistentRead(true))
                                        .item());
        return attributes.isEmpty()
                ? Optional.empty()
                : Optional.of(Attributes.item(attributes)).filter(this::lives);
    }

    private boolean lives(Item item) {
        return !item.expired(clock.instant());
    }

    @Override
    public Map<Key, Item> getAll(Collection<Key> keys) {
        Map<Key, Item> items = reads.all(keys);
        items.values().removeIf(item -> !lives(item));
        return items;
    }

    @Override
    public Page query(Query query) {
        QueryResponse response = run(query, Select.ALL_ATTRIBUTES);
        List<Item> items =
                response.items().stream().map(Attributes::item).filter(this::lives).toList();
        return new Page(items, Queries.cursor(query.index(), response.lastEvaluatedKey()));
    }

    @Override
    public int count(Query query) {
        if (query.index() == Index.MAIN) {
            return all(query).size();
        }
        int count = 0;
        Query rest = query;
        while (true) {
            QueryResponse response = run(rest, Select.COUNT);
            count += response.count();
            var cursor = Queries.cursor(query.index(), response.lastEvaluatedKey());
            if (cursor == null) {
                return count;
            }
            rest = query.from(cursor);
        }
    }

    @Override
    public void scan(Consumer<Item> each) {
        Map<String, AttributeValue> from = Map.of();
        do {
            Map<String, AttributeValue> start = from.isEmpty() ? null : from;
            ScanResponse page =
                    translated(
                            () -> "cannot scan the table " + name,
                            () ->
                                    dynamo.scan(scan ->
                                            scan.tableName(name)
                                                    .consistentRead(true)
                                                    .exclusiveStartKey(start)));
            page.items().forEach(item -> each.accept(Attributes.item(item)));
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
    }

    private QueryResponse run(Query query, Select select) {
        return translated(
                () -> "cannot read partition " + query.partition() + " by " + query.index(),
                () -> dynamo.query(Queries.request(name, query, select)));
    }

    @Override
    public Outcome write(Write write) {
        return translated(() -> "cannot write item " + write.key(), () -> executeRepeatedly(write));
    }

    private Outcome executeRepeatedly(Write write) {
        for (int round = 0; ; round++) {
            try {
                return execute(write);
            } catch (ConditionalCheckFailedException e) {
                return Outcome.refused(write, e.hasItem() ? Attributes.item(e.item()) : null);
            } catch (TransactionConflictException e) {
                if (round == CONFLICTS) {
                    throw e;
                }
                pause.after(round);
            }
        }
    }

    @Override
    public void putAll(Collection<Item> items) {
        writeAll(
                items.stream()
                        .map(item ->
                                WriteRequest.builder()
                                        .putRequest(put -> put.item(Attributes.of(item)))
                                        .build())
                        .toList());
    }

    @Override
    public void deleteAll(Collection<Key> keys) {
        writeAll(
                keys.stream()
                        .map(key ->
                                WriteRequest.builder()
                                        .deleteRequest(delete -> delete.key(Attributes.of(key)))
                                        .build())
                        .toList());
    }

    private void writeAll(List<WriteRequest> writes) {
        for (int from = 0; from < writes.size(); from += WRITE_BATCH) {
            writeBatch(writes.subList(from, Math.min(from + WRITE_BATCH, writes.size())));
        }
    }

    private void writeBatch(List<WriteRequest> writes) {
        Map<String, List<WriteRequest>> left = Map.of(name, writes);
        for (int round = 0; !left.isEmpty(); round++) {
            Map<String, List<WriteRequest>> asked = left;
            if (round > 0) {
                pause.after(round - 1);
            }
            left =
                    translated(
                            () -> "cannot write " + writes.size() + " items to " + name,
                            () ->
                                    dynamo.batchWriteItem(batch -> batch.requestItems(asked))
                                            .unprocessedItems());
        }
    }

    private Outcome execute(Write write) {
        return switch (write) {
            case Write.Put put -> put(put);
            case Write.Update update -> update(update);
            case Write.Delete delete -> delete(delete);
            case Write.Check check ->
                    throw new IllegalArgumentException(
                            "a check of " + check.key() + " outside of a transaction");
        };
    }

    private Outcome put(Write.Put write) {
        Expression expression = new Expression();
        String condition = expression.condition(write.condition());
        Item item = write.after(null);
        PutItemResponse response =
                dynamo.putItem(put -> {
                    put.tableName(name).item(Attributes.of(item));
                    if (condition != null) {
                        put.conditionExpression(condition)
                                .expressionAttributeNames(expression.names())
                                .expressionAttributeValues(expression.values())
                                .returnItemCollectionMetrics(ReturnItemCollectionMetrics.SIZE)
                                .returnValuesOnConditionCheckFailure(
                                        ReturnValuesOnConditionCheckFailure.ALL_OLD);
                    }
                });
        return new Outcome.Done(item, gigabytes(response.itemCollectionMetrics()));
    }

    static double gigabytes(@Nullable ItemCollectionMetrics metrics) {
        return metrics == null || metrics.sizeEstimateRangeGB().isEmpty()
                ? 0
                : metrics.sizeEstimateRangeGB().getFirst();
    }

    private Outcome update(Write.Update write) {
        Expression expression = new Expression();
        String condition = expression.condition(write.condition());
        String changes = expression.update(changes(write));
        Map<String, AttributeValue> after =
                dynamo.updateItem(
                                update -> {
                                    update.tableName(name)
                                            .key(Attributes.of(write.key()))
                                            .updateExpression(changes)
                                            .expressionAttributeNames(expression.names())
                                            .expressionAttributeValues(expression.values())
                                            .returnValues(ReturnValue.ALL_NEW);
                                    if (condition != null) {
                                        update.conditionExpression(condition)
                                                .returnValuesOnConditionCheckFailure(
                                                        ReturnValuesOnConditionCheckFailure
                                                                .ALL_OLD);
                                    }
                                })
                        .attributes();
        return new Outcome.Done(Attributes.item(after));
    }

    static List<Change> changes(Write.Update write) {
        List<Change> changes = new ArrayList<>(write.changes());
        if (write.operation() != null) {
            changes.add(Change.set(Write.OPERATION, write.operation()));
        }
        return changes;
    }

    private Outcome delete(Write.Delete write) {
        Expression expression = new Expression();
        String condition = expression.condition(write.condition());
        dynamo.deleteItem(delete -> {
            delete.tableName(name).key(Attributes.of(write.key()));
            if (condition != null) {
                delete.conditionExpression(condition)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values())
                        .returnValuesOnConditionCheckFailure(
                                ReturnValuesOnConditionCheckFailure.ALL_OLD);
            }
        });
        return new Outcome.Done(null);
    }

    @Override
    public boolean transact(List<Write> writes) {
        return transactions.write(writes);
    }

    @Override
    public Outcome putWith(Write.Put put, List<Write> others) {
        return transactions.putWith(put, others);
    }
}
