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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// [Table] on DynamoDB: executes writes and queries as they are, decides nothing.
public final class DynamoTable implements Table {
    private static final int BATCH = 100;
    private static final int WRITE_BATCH = 25;
    private static final int CONFLICTS = 8;

    private final DynamoDbClient dynamo;
    private final String name;
    private final Clock clock;
    private final Pause pause;

    /// @param pause the wait before a transaction that met another one is tried again
    public DynamoTable(DynamoDbClient dynamo, String name, Clock clock, Pause pause) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
        this.pause = pause;
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
        List<Key> distinct = new ArrayList<>(new LinkedHashSet<>(keys));
        Map<Key, Item> items = new HashMap<>();
        for (int from = 0; from < distinct.size(); from += BATCH) {
            batch(distinct.subList(from, Math.min(from + BATCH, distinct.size())), items);
        }
        return items;
    }

    private void batch(List<Key> keys, Map<Key, Item> items) {
        Map<String, KeysAndAttributes> wanted =
                Map.of(
                        name,
                        KeysAndAttributes.builder()
                                .keys(keys.stream().map(Attributes::of).toList())
                                .consistentRead(true)
                                .build());
        int round = 0;
        while (!wanted.isEmpty()) {
            Map<String, KeysAndAttributes> asked = wanted;
            BatchGetItemResponse response =
                    translated(
                            () -> "cannot read " + keys.size() + " items from " + keys.getFirst(),
                            () -> dynamo.batchGetItem(batch -> batch.requestItems(asked)));
            for (Map<String, AttributeValue> attributes :
                    response.responses().getOrDefault(name, List.of())) {
                Item item = Attributes.item(attributes);
                if (lives(item)) {
                    items.put(item.key(), item);
                }
            }
            wanted = response.unprocessedKeys();
            if (!wanted.isEmpty()) {
                pause.after(round++);
            }
        }
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

    private QueryResponse run(Query query, Select select) {
        return translated(
                () -> "cannot read partition " + query.partition() + " by " + query.index(),
                () -> dynamo.query(Queries.request(name, query, select)));
    }

    @Override
    public Outcome write(Write write) {
        return translated(
                () -> "cannot write item " + write.key(),
                () -> {
                    try {
                        return execute(write);
                    } catch (ConditionalCheckFailedException e) {
                        return refused(write, e.hasItem() ? Attributes.item(e.item()) : null);
                    }
                });
    }

    @Override
    public void putAll(Collection<Item> items) {
        List<WriteRequest> puts =
                items.stream()
                        .map(item ->
                                WriteRequest.builder()
                                        .putRequest(put -> put.item(Attributes.of(item)))
                                        .build())
                        .toList();
        for (int from = 0; from < puts.size(); from += WRITE_BATCH) {
            putBatch(puts.subList(from, Math.min(from + WRITE_BATCH, puts.size())));
        }
    }

    private void putBatch(List<WriteRequest> puts) {
        Map<String, List<WriteRequest>> left = Map.of(name, puts);
        for (int round = 0; !left.isEmpty(); round++) {
            Map<String, List<WriteRequest>> asked = left;
            if (round > 0) {
                pause.after(round - 1);
            }
            left =
                    translated(
                            () -> "cannot write " + puts.size() + " items to " + name,
                            () ->
                                    dynamo.batchWriteItem(batch -> batch.requestItems(asked))
                                            .unprocessedItems());
        }
    }

    private static Outcome refused(Write write, @Nullable Item found) {
        String operation = write.operation();
        boolean ours =
                operation != null
                        && found != null
                        && operation.equals(found.textOrNull(Write.OPERATION));
        return ours ? new Outcome.Done(found) : new Outcome.Refused(found);
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
        return new Outcome.Done(item, gigabytes(response));
    }

    private static double gigabytes(PutItemResponse response) {
        return response.itemCollectionMetrics() == null
                        || response.itemCollectionMetrics().sizeEstimateRangeGB().isEmpty()
                ? 0
                : response.itemCollectionMetrics().sizeEstimateRangeGB().getFirst();
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

    private static List<Change> changes(Write.Update write) {
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

    /// The SDK gives all attempts of one call the same token, so an answer that was lost does no harm.
    @Override
    public boolean transact(List<Write> writes) {
        List<TransactWriteItem> items = writes.stream().map(this::part).toList();
        return translated(
                () -> "cannot write a transaction on " + writes.getFirst().key(),
                () -> transactRepeatedly(items));
    }

    private boolean transactRepeatedly(List<TransactWriteItem> items) {
        for (int round = 0; ; round++) {
            try {
                dynamo.transactWriteItems(transaction -> transaction.transactItems(items));
                return true;
            } catch (TransactionCanceledException e) {
                List<String> reasons =
                        e.cancellationReasons().stream().map(CancellationReason::code).toList();
                if (reasons.contains("ConditionalCheckFailed")) {
                    return false;
                }
                if (!reasons.contains("TransactionConflict") || round == CONFLICTS) {
                    throw e;
                }
                pause.after(round);
            }
        }
    }

    private TransactWriteItem part(Write write) {
        Expression expression = new Expression();
        String condition = expression.condition(write.condition());
        TransactWriteItem.Builder part = TransactWriteItem.builder();
        switch (write) {
            case Write.Check check ->
                    part.conditionCheck(to ->
                            to.tableName(name)
                                    .key(Attributes.of(check.key()))
                                    .conditionExpression(condition)
                                    .expressionAttributeNames(expression.names())
                                    .expressionAttributeValues(expression.values()));
            case Write.Put put ->
                    part.put(to -> {
                        to.tableName(name).item(Attributes.of(put.after(null)));
                        if (condition != null) {
                            to.conditionExpression(condition)
                                    .expressionAttributeNames(expression.names())
                                    .expressionAttributeValues(expression.values());
                        }
                    });
            case Write.Update update -> {
                String changes = expression.update(changes(update));
                part.update(to ->
                        to.tableName(name)
                                .key(Attributes.of(update.key()))
                                .conditionExpression(condition)
                                .updateExpression(changes)
                                .expressionAttributeNames(expression.names())
                                .expressionAttributeValues(expression.values()));
            }
            case Write.Delete delete ->
                    part.delete(to -> {
                        to.tableName(name).key(Attributes.of(delete.key()));
                        if (condition != null) {
                            to.conditionExpression(condition)
                                    .expressionAttributeNames(expression.names())
                                    .expressionAttributeValues(expression.values());
                        }
                    });
        }
        return part.build();
    }
}
