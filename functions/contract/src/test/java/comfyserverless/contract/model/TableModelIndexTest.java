package comfyserverless.contract.model;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryModelStore;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.table.RecentItems;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableModelIndexTest {
    private static final String SHARED = ModelIndex.SHARED;

    private final ManualClock clock = new ManualClock();
    private final InMemoryTable table = new InMemoryTable(clock);
    private final InMemoryBlobs lists = new InMemoryBlobs();
    private final CountingIds ids = new CountingIds();
    private final InMemoryModelStore store = new InMemoryModelStore(clock);
    private final ModelIndex index = index();

    /// What another process has.
    private ModelIndex index() {
        return new TableModelIndex(table, lists, new RecentItems(table, clock), ids);
    }

    private ModelScan scan() {
        return new ModelScan(table, store, index, clock, ids);
    }

    private static StoredModel file(String name, String tag) {
        return new StoredModel("loras", name, 3, Instant.EPOCH, tag, "digest-of-" + tag);
    }

    private void byHand(String owner, String name, String content) {
        store.with(
                new ModelStore.Place(owner, "loras", name),
                content.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names(ModelIndex index, String owner) {
        return index.files(owner).orElseThrow().getOrDefault("loras", List.of()).stream()
                .map(StoredModel::name)
                .sorted()
                .toList();
    }

    @Test
    void what_is_put_is_listed_by_every_process_a_second_later() {
        ModelIndex other = index();
        index.put("t", file("a", "1"), List::of);
        assertThat(names(other, "t")).containsExactly("a");
        index.put("t", file("b", "2"), List::of);
        clock.advance(Duration.ofSeconds(1));
        assertThat(names(other, "t")).containsExactly("a", "b");
        assertThat(index.remove("t", "loras", "a")).isTrue();
        assertThat(index.remove("t", "loras", "a")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(names(other, "t")).containsExactly("b");
    }

    @Test
    void a_file_takes_the_place_of_the_one_with_its_name() {
        index.put("t", file("a", "1"), List::of);
        index.put("t", file("a", "2"), List::of);
        assertThat(index.files("t").orElseThrow().get("loras")).containsExactly(file("a", "2"));
    }

    @Test
    void a_list_of_which_only_the_pointer_is_old_is_found_all_the_same() {
        ModelIndex other = index();
        index.put("t", file("a", "1"), List::of);
        assertThat(names(other, "t")).containsExactly("a");
        ModelIndex third = index();
        assertThat(third.files("t")).isPresent();
        index.put("t", file("b", "2"), List::of);
        ModelIndex behind = index();
        assertThat(names(behind, "t")).containsExactly("a", "b");
        assertThat(lists.keys(TableModelIndex.LISTS)).hasSize(1);
    }

    @Test
    void the_first_file_of_an_owner_is_listed_with_those_the_bucket_has() {
        byHand("t", "old", "x");
        index.put("t", file("new", "1"), () -> store.list("t"));
        assertThat(names(index, "t")).containsExactly("new", "old");
    }

    @Test
    void before_the_first_scan_only_the_bucket_knows_and_then_the_index_does() {
        assertThat(index.files("nobody")).isEmpty();
        byHand("t", "a", "x");
        byHand(SHARED, "s", "y");
        assertThat(scan().run()).containsExactlyInAnyOrder("t", SHARED);
        clock.advance(Duration.ofSeconds(1));
        assertThat(index.files("nobody")).isEqualTo(Optional.of(Map.of()));
        assertThat(names(index, "t")).containsExactly("a");
        assertThat(names(index, SHARED)).containsExactly("s");
        assertThat(scan().run()).isEmpty();
    }

    @Test
    void a_scan_finds_what_came_changed_and_went_and_keeps_the_digests_of_the_rest() {
        byHand("t", "kept", "k");
        byHand("t", "changed", "c");
        byHand("t", "gone", "g");
        for (StoredModel stored : store.list("t")) {
            index.put("t", withDigest(stored), List::of);
        }
        byHand("t", "changed", "different");
        byHand("t", "new", "n");
        store.delete(new ModelStore.Place("t", "loras", "gone"));
        assertThat(scan().run()).contains("t");
        clock.advance(Duration.ofSeconds(1));
        assertThat(names(index, "t")).containsExactly("changed", "kept", "new");
        assertThat(index.files("t").orElseThrow().get("loras"))
                .allMatch(file -> (file.sha256() != null) == file.name().equals("kept"));
        store.delete(new ModelStore.Place("t", "loras", "kept"));
        store.delete(new ModelStore.Place("t", "loras", "changed"));
        store.delete(new ModelStore.Place("t", "loras", "new"));
        scan().run();
        clock.advance(Duration.ofSeconds(1));
        assertThat(index.files("t")).isEqualTo(Optional.of(Map.of()));
    }

    private static StoredModel withDigest(StoredModel stored) {
        return new StoredModel(
                stored.folder(),
                stored.name(),
                stored.size(),
                stored.modified(),
                stored.tag(),
                "digest");
    }

    @Test
    void a_push_during_a_scan_is_not_lost() {
        index.put("t", file("a", "1"), List::of);
        index.renew(() -> {
            index.put("t", file("b", "2"), List::of);
            return Map.of("t", List.of(file("a", "1"), file("c", "3")));
        });
        clock.advance(Duration.ofSeconds(1));
        assertThat(names(index, "t")).containsExactly("a", "b");
    }

    @Test
    void a_scan_runs_once_in_two_minutes_whoever_asks() {
        byHand("t", "a", "x");
        assertThat(scan().runIfDue()).isNotEmpty();
        byHand("t", "b", "x");
        clock.advance(Duration.ofSeconds(119));
        assertThat(scan().runIfDue()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(scan().runIfDue()).containsExactly("t");
    }
}
