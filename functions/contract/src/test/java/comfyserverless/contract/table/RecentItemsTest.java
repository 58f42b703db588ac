package comfyserverless.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RecentItemsTest {
    private static final Key A = new Key("A", "0");
    private static final Key B = new Key("B", "0");

    private final ManualClock clock = new ManualClock();
    private final Counted table = new Counted(new InMemoryTable(clock), new ArrayList<>());
    private final RecentItems recent = new RecentItems(table, clock);

    /// Notes how many keys each batch had; nothing else is called.
    private record Counted(Table table, List<Integer> batches) implements Table {
        @Override
        public Map<Key, Item> getAll(Collection<Key> keys) {
            batches.add(keys.size());
            return table.getAll(keys);
        }

        @Override
        public Outcome write(Write write) {
            return table.write(write);
        }

        @Override
        public Optional<Item> get(Key key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page query(Query query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void scan(Consumer<Item> each) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int count(Query query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean transact(List<Write> writes) {
            throw new UnsupportedOperationException();
        }
    }

    private void write(Key key, String text) {
        table.write(Write.put(Item.of(key).with("text", text)));
    }

    @Test
    void what_was_read_is_trusted_for_a_second_there_or_not() {
        assertThat(recent.get(A)).isEmpty();
        write(A, "one");
        clock.advance(Duration.ofMillis(999));
        assertThat(recent.get(A)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(recent.get(A)).map(item -> item.text("text")).contains("one");
        assertThat(table.batches()).containsExactly(1, 1);
    }

    @Test
    void one_read_brings_all_that_were_asked_for_lately() {
        recent.get(A);
        recent.get(B);
        clock.advance(Duration.ofSeconds(5));
        recent.get(A);
        recent.get(B);
        assertThat(table.batches()).containsExactly(1, 2, 2);
    }

    @Test
    void what_nobody_asks_for_any_more_is_left_out() {
        recent.get(A);
        recent.get(B);
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofMinutes(1));
            recent.get(A);
        }
        assertThat(table.batches()).endsWith(2, 1, 1);
    }

    @Test
    void a_batch_stays_small_whoever_asks() {
        for (int i = 0; i < 300; i++) {
            recent.get(new Key("K" + i, "0"));
        }
        assertThat(table.batches()).hasSize(300).allMatch(keys -> keys <= 50);
    }
}
