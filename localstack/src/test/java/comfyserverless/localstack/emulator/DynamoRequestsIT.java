package comfyserverless.localstack.emulator;

import static comfyserverless.localstack.emulator.DynamoFixture.TABLE;
import static comfyserverless.localstack.emulator.DynamoFixture.key;
import static comfyserverless.localstack.emulator.DynamoFixture.n;
import static comfyserverless.localstack.emulator.DynamoFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Capacity;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnItemCollectionMetrics;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Requests for many items: pages, filters, transactions, batches; and what answers say beside the items.
class DynamoRequestsIT extends EmbeddedTable {
    @Test
    void pages_follow_each_other_without_gap_or_repetition() {
        IntStream.range(0, 25)
                .forEach(i ->
                        put("q", "%02d".formatted(i), Map.of("pos", s("%02d".formatted(99 - i)))));
        List<String> seen =
                dynamo
                        .client
                        .queryPaginator(b ->
                                b.tableName(TABLE)
                                        .indexName("pos")
                                        .keyConditionExpression("pk = :p AND pos > :from")
                                        .expressionAttributeValues(
                                                Map.of(":p", s("q"), ":from", s("77")))
                                        .scanIndexForward(false)
                                        .limit(4))
                        .items()
                        .stream()
                        .map(item -> text(item, "sk"))
                        .toList();
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 22).mapToObj("%02d"::formatted).toList());
    }

    @Test
    void a_page_ends_after_one_megabyte() {
        String large = "x".repeat(300_000);
        IntStream.range(0, 6).forEach(i -> put("q", "" + i, Map.of("body", s(large))));
        QueryResponse first =
                dynamo.client.query(b ->
                        b.tableName(TABLE)
                                .keyConditionExpression("pk = :p")
                                .expressionAttributeValues(Map.of(":p", s("q")))
                                .select(Select.COUNT));
        assertThat(first.count()).isEqualTo(4);
        assertThat(first.hasItems()).isFalse();
        assertThat(first.lastEvaluatedKey()).isEqualTo(key("q", "3"));
    }

    @Test
    void a_filter_sees_what_was_read_and_a_projection_cuts_it() {
        put(
                "q",
                "a",
                Map.of(
                        "kind",
                        s("x"),
                        "map",
                        AttributeValue.fromM(Map.of("in", n(1), "out", n(2)))));
        put("q", "b", Map.of("kind", s("y")));
        QueryResponse page =
                dynamo.client.query(b ->
                        b.tableName(TABLE)
                                .keyConditionExpression("pk = :p AND sk BETWEEN :a AND :z")
                                .filterExpression("kind IN (:x, :w)")
                                .projectionExpression("sk, #m.#i")
                                .expressionAttributeNames(Map.of("#m", "map", "#i", "in"))
                                .expressionAttributeValues(
                                        Map.of(
                                                ":p", s("q"),
                                                ":a", s("a"),
                                                ":z", s("z"),
                                                ":x", s("x"),
                                                ":w", s("w"))));
        assertThat(page.scannedCount()).isEqualTo(2);
        assertThat(page.items())
                .containsExactly(
                        Map.of("sk", s("a"), "map", AttributeValue.fromM(Map.of("in", n(1)))));
    }

    @Test
    void a_transaction_changes_all_or_nothing_and_says_why() {
        put("q", "a", Map.of("st", s("P")));
        TransactWriteItem file =
                TransactWriteItem.builder()
                        .put(b -> b.tableName(TABLE).item(key("f", "x")))
                        .build();
        TransactWriteItem job =
                TransactWriteItem.builder()
                        .conditionCheck(b ->
                                b.tableName(TABLE)
                                        .key(key("q", "a"))
                                        .conditionExpression("st = :r")
                                        .expressionAttributeValues(Map.of(":r", s("R")))
                                        .returnValuesOnConditionCheckFailure(
                                                ReturnValuesOnConditionCheckFailure.ALL_OLD))
                        .build();
        TransactionCanceledException cancelled =
                catchThrowableOfType(
                        TransactionCanceledException.class,
                        () -> dynamo.client.transactWriteItems(b -> b.transactItems(file, job)));
        assertThat(cancelled.cancellationReasons())
                .extracting(r -> r.code())
                .containsExactly("None", "ConditionalCheckFailed");
        assertThat(cancelled.cancellationReasons().getLast().item()).containsEntry("st", s("P"));
        assertThat(get("f", "x")).isEmpty();
        dynamo.client.updateItem(b ->
                b.tableName(TABLE)
                        .key(key("q", "a"))
                        .updateExpression("SET st = :r")
                        .expressionAttributeValues(Map.of(":r", s("R"))));
        dynamo.client.transactWriteItems(b -> b.transactItems(file, job));
        assertThat(get("f", "x")).isNotEmpty();
    }

    @Test
    void a_repeated_transaction_of_one_token_is_carried_out_once() {
        TransactWriteItem add =
                TransactWriteItem.builder()
                        .update(b ->
                                b.tableName(TABLE)
                                        .key(key("t", "0"))
                                        .updateExpression("ADD seq :one")
                                        .expressionAttributeValues(Map.of(":one", n(1))))
                        .build();
        dynamo.client.transactWriteItems(b -> b.transactItems(add).clientRequestToken("one"));
        dynamo.client.transactWriteItems(b -> b.transactItems(add).clientRequestToken("one"));
        assertThat(get("t", "0")).containsEntry("seq", n(1));
    }

    @Test
    void batches_read_and_write_many_items() {
        List<WriteRequest> writes =
                IntStream.range(0, 20)
                        .mapToObj(i ->
                                WriteRequest.builder()
                                        .putRequest(b -> b.item(key("d", "" + i)))
                                        .build())
                        .toList();
        dynamo.client.batchWriteItem(b -> b.requestItems(Map.of(TABLE, writes)));
        var found =
                dynamo.client.batchGetItem(b ->
                        b.requestItems(
                                Map.of(
                                        TABLE,
                                        keys(
                                                List.of(
                                                        key("d", "3"),
                                                        key("d", "19"),
                                                        key("d", "99"))))));
        assertThat(found.responses().get(TABLE))
                .containsExactlyInAnyOrder(key("d", "3"), key("d", "19"));
    }

    private static KeysAndAttributes keys(List<Map<String, AttributeValue>> keys) {
        return KeysAndAttributes.builder().keys(keys).build();
    }

    @Test
    void the_answer_tells_capacity_and_the_size_of_the_item_collection() {
        PutItemResponse answer =
                dynamo.client.putItem(b ->
                        b.tableName(TABLE)
                                .item(
                                        Map.of(
                                                "pk",
                                                s("q"),
                                                "sk",
                                                s("a"),
                                                "pos",
                                                s("1"),
                                                "x",
                                                s("y".repeat(1500))))
                                .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                                .returnItemCollectionMetrics(ReturnItemCollectionMetrics.SIZE));
        assertThat(answer.consumedCapacity().table().capacityUnits()).isEqualTo(2.0);
        assertThat(answer.consumedCapacity().localSecondaryIndexes())
                .isEqualTo(Map.of("pos", Capacity.builder().capacityUnits(1.0).build()));
        assertThat(answer.consumedCapacity().capacityUnits()).isEqualTo(3.0);
        assertThat(answer.itemCollectionMetrics().sizeEstimateRangeGB()).containsExactly(0.0, 1.0);
        assertThat(answer.itemCollectionMetrics().itemCollectionKey()).containsEntry("pk", s("q"));
    }

    @Test
    void an_update_returns_what_was_asked_for() {
        put("a", "1", Map.of("x", n(1), "y", n(5)));
        UpdateItemResponse old = increment(ReturnValue.UPDATED_OLD);
        assertThat(old.attributes()).isEqualTo(Map.of("x", n(1)));
        assertThat(increment(ReturnValue.UPDATED_NEW).attributes()).isEqualTo(Map.of("x", n(3)));
        assertThat(increment(ReturnValue.ALL_OLD).attributes())
                .containsEntry("x", n(3))
                .containsEntry("y", n(5));
        assertThat(increment(ReturnValue.ALL_NEW).attributes())
                .containsEntry("x", n(5))
                .containsEntry("y", n(5));
    }

    private UpdateItemResponse increment(ReturnValue returned) {
        return dynamo.client.updateItem(b ->
                b.tableName(TABLE)
                        .key(key("a", "1"))
                        .updateExpression("SET x = x + :one")
                        .expressionAttributeValues(Map.of(":one", n(1)))
                        .returnValues(returned));
    }

    @Test
    void mistakes_are_refused_with_the_types_that_the_sdk_knows() {
        assertThatThrownBy(() -> dynamo.client.describeTable(b -> b.tableName("nope")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> dynamo.withTable()).isInstanceOf(ResourceInUseException.class);
        assertThatThrownBy(() ->
                        dynamo.client.getItem(b -> b.tableName(TABLE).key(Map.of("pk", s("a")))))
                .isInstanceOf(DynamoDbException.class)
                .hasMessageContaining("The provided key element does not match the schema");
        assertThatThrownBy(() -> put("a", "", Map.of()))
                .hasMessageContaining("empty string value. Key: sk");
        assertThatThrownBy(() -> put("a", "1", Map.of("pos", n(1))))
                .hasMessageContaining(
                        "Type mismatch for Index Key pos Expected: S Actual: N IndexName: pos");
        assertThatThrownBy(() -> put("a", "1", Map.of("x", s("y".repeat(420_000)))))
                .hasMessageContaining("Item size has exceeded the maximum allowed size");
    }
}
