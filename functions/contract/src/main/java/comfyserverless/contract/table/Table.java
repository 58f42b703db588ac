package comfyserverless.contract.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The table. All reads are strongly consistent and drop what has expired; conditions see expired
/// items until the store removes them. A condition that fails is an answer; all that may pass by
/// itself (time-outs, throttling, server errors) surfaces as [java.io.UncheckedIOException].
public interface Table {
    Optional<Item> get(Key key);

    /// Those of the items that exist, by key.
    Map<Key, Item> getAll(Collection<Key> keys);

    Page query(Query query);

    /// How many items the query shows, all pages together.
    int count(Query query);

    Outcome write(Write write);

    /// Writes whole items, each on its own and without a condition, in few requests; no two may have one
    /// key. After a failure some may have been written.
    default void putAll(Collection<Item> items) {
        items.forEach(item -> write(Write.put(item)));
    }

    /// Deletes items, each on its own and without a condition, in few requests; no key may come twice. After a
    /// failure some may be gone.
    default void deleteAll(Collection<Key> keys) {
        keys.forEach(key -> write(Write.delete(key)));
    }

    /// All of the writes or none; false if a condition failed.
    boolean transact(List<Write> writes);

    /// Puts an item and makes other writes, which have no condition, with it; all of them or none. Refused with
    /// the item that is found.
    default Outcome putWith(Write.Put put, List<Write> others) {
        List<Write> all = new ArrayList<>(others);
        all.addFirst(put);
        return transact(all)
                ? new Outcome.Done(put.after(null))
                : Outcome.refused(put, get(put.key()).orElse(null));
    }

    /// Shows every item of the table once, expired ones too, in no order; what changes meanwhile may be missed.
    /// It reads all there is: for what is done rarely and by hand.
    void scan(Consumer<Item> each);

    /// What the query shows, all pages together.
    default List<Item> all(Query query) {
        List<Item> items = new ArrayList<>();
        Page page = query(query);
        items.addAll(page.items());
        while (page.next() != null) {
            page = query(query.from(page.next()));
            items.addAll(page.items());
        }
        return items;
    }

    /// The first `most` of what the query shows.
    default List<Item> first(Query query, int most) {
        List<Item> items = new ArrayList<>();
        Query rest = query;
        while (items.size() < most) {
            Page page = query(rest.limit(Math.min(rest.limit(), most)));
            items.addAll(page.items());
            if (page.next() == null) {
                break;
            }
            rest = query.from(page.next());
        }
        return items.size() > most ? List.copyOf(items.subList(0, most)) : items;
    }
}
