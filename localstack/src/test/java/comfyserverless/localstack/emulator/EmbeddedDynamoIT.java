package comfyserverless.localstack.emulator;

import static comfyserverless.localstack.emulator.DynamoFixture.TABLE;
import static comfyserverless.localstack.emulator.DynamoFixture.key;
import static comfyserverless.localstack.emulator.DynamoFixture.n;
import static comfyserverless.localstack.emulator.DynamoFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Capacity;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
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
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

class EmbeddedDynamoIT {
    @TempDir private Path folder;
    private DynamoFixture dynamo;

    @BeforeEach
    void start() throws IOException {
        dynamo = DynamoFixture.start(folder.resolve("dynamo.mv")).withTable();
    }

    @AfterEach
    void stop() {
        dynamo.close();
    }

    private PutItemResponse put(String pk, String sk, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> item = new HashMap<>(key(pk, sk));
        item.putAll(more);
        return dynamo.client.putItem(b -> b.tableName(TABLE).item(item));
    }

    private Map<String, AttributeValue> get(String pk, String sk) {
        return dynamo.client
                .getItem(b -> b.tableName(TABLE).key(key(pk, sk)).consistentRead(true))
                .item();
    }

    private QueryResponse query(String index, String pk, boolean forward, int limit) {
        return dynamo.client.query(b ->
                b.tableName(TABLE)
                        .indexName(index)
                        .keyConditionExpression("pk = :p")
                        .expressionAttributeValues(Map.of(":p", s(pk)))
                        .scanIndexForward(forward)
                        .limit(limit));
    }

    private static List<String> sortKeys(QueryResponse page) {
        return page.items().stream().map(item -> text(item, "sk")).toList();
    }

    private static String text(Map<String, AttributeValue> item, String attribute) {
        return Objects.requireNonNull(item.get(attribute), attribute).s();
    }

    /// Runs the action so many times at once and waits for all.
    private static void together(int times, IntConsumer action) {
        List<Callable<Integer>> calls =
                IntStream.range(0, times)
                        .<Callable<Integer>>mapToObj(i -> call(action, i))
                        .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> done : threads.invokeAll(calls)) {
                done.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static Callable<Integer> call(IntConsumer action, int i) {
        return () -> {
            action.accept(i);
            return i;
        };
    }

    @Test
    void an_item_comes_back_as_it_was_put() {
        Map<String, AttributeValue> all =
                Map.of(
                        "text", s("é"),
                        "number", AttributeValue.fromN("-12.50"),
                        "flag", AttributeValue.fromBool(true),
                        "nothing", AttributeValue.fromNul(true),
                        "set", AttributeValue.fromNs(List.of("1", "2")),
                        "list", AttributeValue.fromL(List.of(s("a"), n(1))),
                        "map", AttributeValue.fromM(Map.of("inner", s("b"))));
        put("a", "1", all);
        Map<String, AttributeValue> expected = new HashMap<>(all);
        expected.putAll(key("a", "1"));
        expected.put("number", AttributeValue.fromN("-12.5"));
        assertThat(get("a", "1")).isEqualTo(expected);
    }

    @Test
    void a_put_that_must_be_new_is_refused_with_the_item_that_is_there() {
        put("a", "1", Map.of("op", s("mine")));
        ConditionalCheckFailedException refused =
                catchThrowableOfType(
                        ConditionalCheckFailedException.class,
                        () ->
                                dynamo.client.putItem(b ->
                                        b.tableName(TABLE)
                                                .item(key("a", "1"))
                                                .conditionExpression("attribute_not_exists(pk)")
                                                .returnValuesOnConditionCheckFailure(
                                                        ReturnValuesOnConditionCheckFailure
                                                                .ALL_OLD)));
        assertThat(refused.item()).containsEntry("op", s("mine"));
        assertThat(refused).hasMessageContaining("The conditional request failed");
    }

    @Test
    void a_sparse_index_lists_in_order_only_the_items_that_have_its_key() {
        put("q", "c", Map.of("pos", s("1"), "seq", n(7), "other", s("x")));
        put("q", "a", Map.of("pos", s("3")));
        put("q", "b", Map.of("pos", s("2")));
        put("q", "none", Map.of());
        put("other", "d", Map.of("pos", s("0")));
        assertThat(sortKeys(query("pos", "q", true, 10))).containsExactly("c", "b", "a");
        assertThat(sortKeys(query("pos", "q", false, 2))).containsExactly("a", "b");
        assertThat(query("pos", "q", true, 1).items().getFirst())
                .containsOnlyKeys("pk", "sk", "pos", "seq");
    }

    @Test
    void an_update_moves_an_item_from_one_index_to_another() {
        put("q", "a", Map.of("pos", s("1")));
        dynamo.client.updateItem(b ->
                b.tableName(TABLE)
                        .key(key("q", "a"))
                        .updateExpression("SET his = :h REMOVE pos")
                        .conditionExpression("attribute_exists(pos)")
                        .expressionAttributeValues(Map.of(":h", s("9"))));
        assertThat(query("pos", "q", true, 10).items()).isEmpty();
        assertThat(sortKeys(query("his", "q", true, 10))).containsExactly("a");
    }

    @Test
    void numbers_in_an_index_order_by_value() {
        List<Long> numbers = List.of(10L, -1L, 2L, 0L, -20L, 100L);
        numbers.forEach(number -> put("q", "n" + number, Map.of("num", n(number))));
        assertThat(query("num", "q", true, 10).items())
                .extracting(item -> item.get("num"))
                .containsExactly(n(-20), n(-1), n(0), n(2), n(10), n(100));
    }

    @Test
    void a_counter_gives_each_of_many_writers_its_own_number() {
        int writers = 200;
        together(
                writers,
                _ ->
                        dynamo.client.updateItem(b ->
                                b.tableName(TABLE)
                                        .key(key("t", "0"))
                                        .updateExpression("ADD seq :one")
                                        .expressionAttributeValues(Map.of(":one", n(1)))
                                        .returnValues(ReturnValue.UPDATED_NEW)));
        assertThat(get("t", "0")).containsEntry("seq", n(writers));
    }

    @Test
    void of_many_claims_of_one_job_exactly_one_wins() {
        put("q", "a", Map.of("st", s("P"), "fence", n(1)));
        AtomicInteger wins = new AtomicInteger();
        AtomicInteger losses = new AtomicInteger();
        together(50, i -> claim("r" + i, wins, losses));
        assertThat(wins).hasValue(1);
        assertThat(losses).hasValue(49);
    }

    private void claim(String owner, AtomicInteger wins, AtomicInteger losses) {
        try {
            dynamo.client.updateItem(b ->
                    b.tableName(TABLE)
                            .key(key("q", "a"))
                            .updateExpression("SET st = :r, own = :o, fence = fence + :one")
                            .conditionExpression("st = :p AND fence = :f")
                            .expressionAttributeValues(
                                    Map.of(
                                            ":r", s("R"),
                                            ":p", s("P"),
                                            ":o", s(owner),
                                            ":f", n(1),
                                            ":one", n(1))));
            wins.incrementAndGet();
        } catch (ConditionalCheckFailedException e) {
            losses.incrementAndGet();
        }
    }

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

    @Test
    void what_was_written_is_there_after_a_restart() throws IOException {
        put("q", "a", Map.of("pos", s("1")));
        dynamo.client.updateTimeToLive(b ->
                b.tableName(TABLE)
                        .timeToLiveSpecification(t -> t.enabled(true).attributeName("exp")));
        dynamo.close();
        dynamo = DynamoFixture.start(folder.resolve("dynamo.mv"));
        assertThat(get("q", "a")).containsEntry("pos", s("1"));
        assertThat(sortKeys(query("pos", "q", true, 10))).containsExactly("a");
        assertThat(
                        dynamo.client
                                .describeTimeToLive(b -> b.tableName(TABLE))
                                .timeToLiveDescription()
                                .timeToLiveStatus())
                .isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(dynamo.client.listTables().tableNames()).containsExactly(TABLE);
    }

    @Test
    void the_stream_tells_every_change_in_order_with_both_images() {
        put("q", "a", Map.of("st", s("P")));
        put("q", "a", Map.of("st", s("R")));
        put("q", "a", Map.of("st", s("R")));
        dynamo.client.deleteItem(b -> b.tableName(TABLE).key(key("q", "a")));
        assertThat(dynamo.stream)
                .extracting(r -> r.eventName())
                .containsExactly("INSERT", "MODIFY", "REMOVE");
        assertThat(dynamo.stream.get(1).toLambdaRecord().at("/dynamodb/OldImage/st/S").asText())
                .isEqualTo("P");
        assertThat(dynamo.stream.get(1).toLambdaRecord().at("/dynamodb/NewImage/st/S").asText())
                .isEqualTo("R");
    }

    @Test
    void a_missing_item_is_an_empty_answer() {
        GetItemResponse answer =
                dynamo.client.getItem(b -> b.tableName(TABLE).key(key("no", "no")));
        assertThat(answer.hasItem()).isFalse();
    }
}
