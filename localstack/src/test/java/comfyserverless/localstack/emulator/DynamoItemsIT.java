package comfyserverless.localstack.emulator;

import static comfyserverless.localstack.emulator.DynamoFixture.TABLE;
import static comfyserverless.localstack.emulator.DynamoFixture.key;
import static comfyserverless.localstack.emulator.DynamoFixture.n;
import static comfyserverless.localstack.emulator.DynamoFixture.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/// Single items, their indexes, races between writers, and what outlives a restart.
class DynamoItemsIT extends EmbeddedTable {
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
