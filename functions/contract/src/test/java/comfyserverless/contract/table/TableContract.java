package comfyserverless.contract.table;

import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.has;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.lacks;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every [Table] does. Each test uses partitions of its own.
public abstract class TableContract {
    private final String partition = "Q#" + UUID.randomUUID();

    protected abstract Table table();

    protected abstract Clock clock();

    private Key key(String sort) {
        return new Key(partition, sort);
    }

    private Item item(String sort) {
        return Item.of(key(sort)).with("number", "1.0").with("seq", 1).with("st", "P");
    }

    @Test
    void an_item_comes_back_as_it_was_put() {
        Item item = item("a").with("bytes", Value.of("zip".getBytes(StandardCharsets.UTF_8)));
        assertThat(table().write(Write.put(item))).isEqualTo(new Outcome.Done(item));
        assertThat(table().get(key("a"))).contains(item);
        assertThat(table().get(key("b"))).isEmpty();
    }

    @Test
    void many_items_are_put_at_once() {
        List<Item> items =
                IntStream.range(0, 60).mapToObj(i -> item("i" + i).with("seq", i)).toList();
        table().putAll(items);
        items.forEach(item -> assertThat(table().get(item.key())).contains(item));
    }

    @Test
    void many_items_are_deleted_at_once_whether_they_are_there_or_not() {
        List<Item> items =
                IntStream.range(0, 60).mapToObj(i -> item("i" + i).with("seq", i)).toList();
        table().putAll(items.subList(0, 59));
        table().write(Write.put(item("other")));
        table().deleteAll(items.stream().map(Item::key).toList());
        table().deleteAll(List.of());
        items.forEach(item -> assertThat(table().get(item.key())).isEmpty());
        assertThat(table().get(key("other"))).isPresent();
    }

    @Test
    void a_put_if_absent_is_refused_with_the_item_that_is_there() {
        Item first = item("a").with("seq", 7);
        assertThat(table().write(Write.put(first, absent(), "op-1")).done()).isTrue();
        assertThat(table().write(Write.put(item("a"), absent(), "op-2")))
                .isEqualTo(new Outcome.Refused(first.with("op", "op-1")));
    }

    @Test
    void a_write_that_finds_its_own_operation_id_had_succeeded() {
        Write write = Write.put(item("a"), absent(), "op-1");
        assertThat(table().write(write).done()).isTrue();
        assertThat(table().write(write).done()).isTrue();
    }

    @Test
    void an_update_changes_what_it_names_and_returns_the_item_after_it() {
        table().write(Write.put(item("a").with("gone", 1).with("kept", "k")));
        Outcome outcome =
                table().write(
                                Write.update(
                                        key("a"),
                                        is("st", "P").and(lacks("cancel")),
                                        "op-1",
                                        List.of(
                                                Change.set("st", "R"),
                                                Change.remove("gone"),
                                                Change.add("seq", 4),
                                                Change.setIfMissing("kept", "other"),
                                                Change.copy("seq", "mark"),
                                                Change.copy("nothing", "zero"))));
        Item expected =
                item("a")
                        .with("kept", "k")
                        .with("st", "R")
                        .with("seq", 5)
                        .with("mark", 1)
                        .with("zero", 0)
                        .with("op", "op-1");
        assertThat(outcome).isEqualTo(new Outcome.Done(expected));
        assertThat(table().get(key("a"))).contains(expected);
    }

    @Test
    void a_refused_update_changes_nothing_and_makes_no_item() {
        Write write = Write.update(key("a"), is("st", "P"), "op-1", List.of(Change.set("st", "R")));
        assertThat(table().write(write)).isEqualTo(new Outcome.Refused(null));
        assertThat(table().get(key("a"))).isEmpty();
    }

    @Test
    void conditions_compare_only_attributes_that_exist() {
        table().write(Write.put(item("a").with("lease", 10)));
        assertThat(holds(below("lease", 11))).isTrue();
        assertThat(holds(below("lease", 10))).isFalse();
        assertThat(holds(Condition.above("lease", 9))).isTrue();
        assertThat(holds(below("missing", 11))).isFalse();
        assertThat(holds(has("lease"))).isTrue();
        assertThat(holds(Condition.any(has("missing"), is("lease", 10)))).isTrue();
        assertThat(holds(Condition.all(has("missing"), is("lease", 10)))).isFalse();
    }

    private boolean holds(Condition condition) {
        String operation = UUID.randomUUID().toString();
        return table().write(Write.update(key("a"), condition, operation, List.of())).done();
    }

    @Test
    void a_conditional_delete_leaves_an_item_that_differs() {
        table().write(Write.put(item("a")));
        assertThat(table().write(Write.delete(key("a"), is("st", "R"))).done()).isFalse();
        assertThat(table().write(Write.delete(key("a"), is("st", "P"))).done()).isTrue();
        assertThat(table().get(key("a"))).isEmpty();
    }

    @Test
    void an_index_shows_only_items_with_its_key_in_its_order() {
        table().write(Write.put(item("a").with("pos", "3")));
        table().write(Write.put(item("b").with("pos", "1")));
        table().write(Write.put(item("c")));
        table().write(Write.put(item("d").with("pos", "2")));
        Query query = Query.of(partition, Index.POS);
        assertThat(sorts(table().all(query))).containsExactly("b", "d", "a");
        assertThat(sorts(table().all(query.backward()))).containsExactly("a", "d", "b");
        assertThat(sorts(table().all(query.above("1")))).containsExactly("d", "a");
        assertThat(sorts(table().first(query, 2))).containsExactly("b", "d");
    }

    @Test
    void an_index_carries_the_place_of_a_job_but_not_its_state() {
        table().write(Write.put(item("a").with("pos", "1").with("lease", 5)));
        Item shown = table().all(Query.of(partition, Index.POS)).getFirst();
        assertThat(shown.text("number")).isEqualTo("1.0");
        assertThat(shown.has("st")).isFalse();
        assertThat(shown.has("lease")).isFalse();
    }

    @Test
    void pages_follow_one_another_without_gap_or_repetition() {
        List<String> all = new ArrayList<>();
        for (int i : IntStream.range(0, 25).toArray()) {
            String sort = String.format("%02d", i);
            all.add(sort);
            table().write(Write.put(item(sort).with("seq", i).with("pos", "same")));
        }
        Query query = Query.of(partition, Index.POS).limit(4);
        assertThat(sorts(table().all(query))).containsExactlyElementsOf(all);
        assertThat(sorts(table().all(query.backward()))).containsExactlyElementsOf(all.reversed());
        assertThat(table().count(query.where(Condition.above("seq", 19)))).isEqualTo(5);
        assertThat(sorts(table().first(query.where(Condition.above("seq", 9)), 3)))
                .containsExactly("10", "11", "12");
    }

    @Test
    void a_prefix_bounds_the_sort_key() {
        for (String sort : List.of("a", "b_1", "b_2", "c")) {
            table().write(Write.put(item(sort)));
        }
        Query query = Query.of(partition, Index.MAIN).beginningWith("b_");
        assertThat(sorts(table().all(query))).containsExactly("b_1", "b_2");
    }

    @Test
    void many_items_are_read_at_once() {
        List<Key> keys = new ArrayList<>();
        for (int i : IntStream.range(0, 130).toArray()) {
            keys.add(key("k" + i));
            table().write(Write.put(item("k" + i)));
        }
        keys.add(key("missing"));
        assertThat(table().getAll(keys)).hasSize(130).containsEntry(key("k7"), item("k7"));
        assertThat(table().getAll(List.of())).isEmpty();
    }

    @Test
    void what_has_expired_is_not_read() {
        Item old =
                item("a").with("pos", "1").expiring(clock().instant().minus(Duration.ofHours(1)));
        table().write(Write.put(old));
        assertThat(table().get(key("a"))).isEmpty();
        assertThat(table().getAll(List.of(key("a")))).isEmpty();
        assertThat(table().all(Query.of(partition, Index.MAIN))).isEmpty();
    }

    @Test
    void a_transaction_writes_all_or_nothing() {
        table().write(Write.put(item("job").with("fence", 2)));
        Write file = Write.put(item("file"));
        Write stale = new Write.Check(key("job"), is("fence", 1));
        assertThat(table().transact(List.of(stale, file))).isFalse();
        assertThat(table().get(key("file"))).isEmpty();
        Write held = new Write.Check(key("job"), is("fence", 2));
        assertThat(table().transact(List.of(held, file))).isTrue();
        assertThat(table().get(key("file"))).isPresent();
    }

    @Test
    void a_put_with_others_writes_all_or_tells_what_was_in_its_way() {
        Write.Put mine = Write.put(item("job").with("fence", 1), absent(), "mine");
        Write count = Write.update(key("count"), Change.add("n", 1));
        assertThat(table().putWith(mine, List.of(count, Write.put(item("file")))))
                .isInstanceOf(Outcome.Done.class);
        assertThat(table().get(key("file"))).isPresent();
        Write.Put other = Write.put(item("job").with("fence", 2), absent(), "other");
        assertThat(table().putWith(other, List.of(count)))
                .isEqualTo(new Outcome.Refused(table().get(key("job")).orElseThrow()));
        assertThat(table().get(key("count")).orElseThrow().whole("n")).isEqualTo(1);
        assertThat(table().putWith(mine, List.of(count)).done())
                .as("its operation id says that it is there already")
                .isTrue();
    }

    private static List<String> sorts(List<Item> items) {
        return items.stream().map(item -> item.key().sort()).toList();
    }

    @Test
    void a_scan_shows_every_item_expired_or_not() {
        table().write(Write.put(item("a")));
        table().write(Write.put(item("b").expiring(Instant.EPOCH)));
        List<Key> seen = new ArrayList<>();
        table().scan(one -> seen.add(one.key()));
        assertThat(seen).contains(key("a"), key("b")).doesNotHaveDuplicates();
    }
}
