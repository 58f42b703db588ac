package comfyserverless.aws.dynamo;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.job.Pause;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Write;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ReturnItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// Several writes of which all happen or none.
final class Transactions {
    private final DynamoDbClient dynamo;
    private final String name;
    private final Pause pause;

    /// @param pause the wait before a transaction that met another one is tried again
    Transactions(DynamoDbClient dynamo, String name, Pause pause) {
        this.dynamo = dynamo;
        this.name = name;
        this.pause = pause;
    }

    /// The SDK gives all attempts of one call the same token, so an answer that was lost does no harm.
    boolean write(List<Write> writes) {
        List<TransactWriteItem> items = writes.stream().map(this::part).toList();
        return translated(
                () -> "cannot write a transaction on " + writes.getFirst().key(),
                () -> transactRepeatedly(items) instanceof Transaction.Written);
    }

    /// As [comfyserverless.contract.table.Table#putWith].
    Outcome putWith(Write.Put put, List<Write> others) {
        List<TransactWriteItem> items = new ArrayList<>(others.stream().map(this::part).toList());
        items.addFirst(part(put));
        return translated(
                () -> "cannot write item " + put.key() + " with others",
                () ->
                        switch (transactRepeatedly(items)) {
                            case Transaction.Written(var response) ->
                                    new Outcome.Done(put.after(null), gigabytes(response, put));
                            case Transaction.Cancelled(var reasons) ->
                                    Outcome.refused(put, found(reasons.getFirst()));
                        });
    }

    private static @Nullable Item found(CancellationReason reason) {
        return reason.hasItem() ? Attributes.item(reason.item()) : null;
    }

    private double gigabytes(TransactWriteItemsResponse response, Write.Put put) {
        String partition = put.key().partition();
        return response.itemCollectionMetrics().getOrDefault(name, List.of()).stream()
                .filter(of ->
                        of.itemCollectionKey().values().stream()
                                .anyMatch(key -> partition.equals(key.s())))
                .mapToDouble(DynamoTable::gigabytes)
                .max()
                .orElse(0);
    }

    /// What became of a transaction.
    private sealed interface Transaction {
        record Written(TransactWriteItemsResponse response) implements Transaction {}

        /// Because of a condition; one reason for each write.
        record Cancelled(List<CancellationReason> reasons) implements Transaction {}
    }

    private Transaction transactRepeatedly(List<TransactWriteItem> items) {
        for (int round = 0; ; round++) {
            try {
                return new Transaction.Written(
                        dynamo.transactWriteItems(transaction ->
                                transaction
                                        .transactItems(items)
                                        .returnItemCollectionMetrics(
                                                ReturnItemCollectionMetrics.SIZE)));
            } catch (TransactionCanceledException e) {
                List<String> reasons =
                        e.cancellationReasons().stream().map(CancellationReason::code).toList();
                if (reasons.contains("ConditionalCheckFailed")) {
                    return new Transaction.Cancelled(e.cancellationReasons());
                }
                if (!reasons.contains("TransactionConflict") || round == DynamoTable.CONFLICTS) {
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
                                    .expressionAttributeValues(expression.values())
                                    .returnValuesOnConditionCheckFailure(
                                            ReturnValuesOnConditionCheckFailure.ALL_OLD);
                        }
                    });
            case Write.Update update -> {
                String changes = expression.update(DynamoTable.changes(update));
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
