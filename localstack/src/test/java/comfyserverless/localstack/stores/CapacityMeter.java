package comfyserverless.localstack.stores;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// Asks DynamoDB with each call for what it costs, and adds it up by operation: calls, items that a query looked at,
/// capacity units.
final class CapacityMeter implements ExecutionInterceptor {
    private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

    private final Map<String, Double> used = new TreeMap<>();

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return switch (context.request()) {
            case QueryRequest r -> r.toBuilder().returnConsumedCapacity(TOTAL).build();
            case GetItemRequest r -> r.toBuilder().returnConsumedCapacity(TOTAL).build();
            case BatchGetItemRequest r -> r.toBuilder().returnConsumedCapacity(TOTAL).build();
            case UpdateItemRequest r -> r.toBuilder().returnConsumedCapacity(TOTAL).build();
            case PutItemRequest r -> r.toBuilder().returnConsumedCapacity(TOTAL).build();
            case TransactWriteItemsRequest r -> r.toBuilder().returnConsumedCapacity(TOTAL).build();
            default -> context.request();
        };
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        SdkResponse response = context.response();
        switch (response) {
            case QueryResponse r -> {
                add("items read by Query", r.scannedCount());
                add("Query", List.of(r.consumedCapacity()));
            }
            case GetItemResponse r -> add("GetItem", List.of(r.consumedCapacity()));
            case BatchGetItemResponse r -> add("BatchGetItem", r.consumedCapacity());
            case UpdateItemResponse r -> add("UpdateItem", List.of(r.consumedCapacity()));
            case PutItemResponse r -> add("PutItem", List.of(r.consumedCapacity()));
            case TransactWriteItemsResponse r -> add("TransactWriteItems", r.consumedCapacity());
            default -> {}
        }
    }

    private void add(String operation, List<ConsumedCapacity> capacities) {
        add("calls of " + operation, 1);
        capacities.forEach(capacity -> add("units of " + operation, capacity.capacityUnits()));
    }

    private synchronized void add(String what, double more) {
        used.merge(what, more, Double::sum);
    }

    /// What was used since the last time.
    synchronized Map<String, Double> taken() {
        Map<String, Double> taken = Map.copyOf(used);
        used.clear();
        return taken;
    }
}
