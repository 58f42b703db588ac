package comfyserverless.contract.model;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.RecentItems;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// [ModelIndex] with a pointer for each owner in the table, `H` / `{owner}`, to a list in the models bucket,
/// `_index/{owner}/{id}`. A list is never changed: another one takes its place by a conditional write of the pointer.
public final class TableModelIndex implements ModelIndex {
    /// What the keys of lists begin with; no owner's name does.
    public static final String LISTS = "_index/";

    private static final String PARTITION = "H";
    private static final String LIST = "list";

    /// On the pointer of the shared files: since then an owner without a pointer has no files.
    private static final String WHOLE = "whole";

    private static final int TRIES = 10;
    private static final int MOST_KNOWN = 200;

    private final Table table;
    private final Blobs blobs;
    private final RecentItems recent;
    private final Supplier<String> ids;

    /// Lists by their keys, which never name another list.
    private final Map<String, Map<String, List<StoredModel>>> known = new ConcurrentHashMap<>();

    /// @param blobs of the models bucket
    /// @param ids fresh ids, for lists and operations
    public TableModelIndex(Table table, Blobs blobs, RecentItems recent, Supplier<String> ids) {
        this.table = table;
        this.blobs = blobs;
        this.recent = recent;
        this.ids = ids;
    }

    private static Key pointer(String owner) {
        return new Key(PARTITION, owner);
    }

    @Override
    public Optional<Map<String, List<StoredModel>>> files(String owner) {
        Optional<Item> pointer = recent.get(pointer(owner));
        for (int round = 0; round < TRIES; round++) {
            if (pointer.isEmpty()) {
                boolean whole = recent.get(pointer(SHARED)).filter(i -> i.has(WHOLE)).isPresent();
                return whole ? Optional.of(Map.of()) : Optional.empty();
            }
            Optional<Map<String, List<StoredModel>>> list = list(pointer.get().text(LIST));
            if (list.isPresent()) {
                return list;
            }
            // another list has taken its place since the pointer was read
            pointer = table.get(pointer(owner));
        }
        throw new IllegalStateException("the list of the models of " + owner + " cannot be found");
    }

    private Optional<Map<String, List<StoredModel>>> list(String key) {
        Map<String, List<StoredModel>> found = known.get(key);
        if (found != null) {
            return Optional.of(found);
        }
        Optional<Map<String, List<StoredModel>>> read =
                blobs.read(key, 0).map(TableModelIndex::bytes).map(ModelLists::read);
        read.ifPresent(list -> {
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(key, list);
        });
        return read;
    }

    private static byte[] bytes(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a list of models", e);
        }
    }

    @Override
    public void put(String owner, StoredModel file, Supplier<List<StoredModel>> others) {
        change(
                owner,
                others,
                files -> {
                    files.put(file.path(), file);
                    return files;
                });
    }

    @Override
    public boolean remove(String owner, String folder, String name) {
        boolean[] was = {false};
        if (table.get(pointer(owner)).isPresent()) {
            change(
                    owner,
                    List::of,
                    files -> {
                        was[0] = files.remove(folder + "/" + name) != null;
                        return files;
                    });
        }
        return was[0];
    }

    @Override
    public void forget(String owner) {
        for (String list : blobs.keys(LISTS + owner + "/")) {
            blobs.delete(list);
        }
        table.write(Write.delete(pointer(owner)));
    }

    private void change(
            String owner,
            Supplier<List<StoredModel>> others,
            UnaryOperator<Map<String, StoredModel>> change) {
        for (int round = 0; round < TRIES; round++) {
            Optional<Item> pointer = table.get(pointer(owner));
            Optional<Map<String, List<StoredModel>>> old =
                    pointer.flatMap(item -> list(item.text(LIST)));
            if (pointer.isPresent() && old.isEmpty()) {
                continue;
            }
            Map<String, StoredModel> files =
                    byPath(old.map(TableModelIndex::all).orElseGet(others));
            if (replace(owner, pointer.orElse(null), change.apply(files).values(), false)) {
                return;
            }
        }
        throw new IllegalStateException(
                "the list of the models of "
                        + owner
                        + " was changed by others "
                        + TRIES
                        + " times in a row: try again");
    }

    /// False if another list has taken the place of `old`.
    private boolean replace(
            String owner, @Nullable Item old, Iterable<StoredModel> files, boolean whole) {
        String key = LISTS + owner + "/" + ids.get() + ".json.gz";
        blobs.put(key, ModelLists.write(files));
        Item item = Item.of(pointer(owner)).with(LIST, key);
        if (whole || (old != null && old.has(WHOLE))) {
            item = item.with(WHOLE, 1);
        }
        Condition unchanged = old == null ? Condition.absent() : Condition.is(LIST, old.text(LIST));
        boolean done = table.write(Write.put(item, unchanged, ids.get())).done();
        if (!done) {
            blobs.delete(key);
        } else if (old != null) {
            blobs.delete(old.text(LIST));
        }
        return done;
    }

    @Override
    public List<String> renew(Supplier<Map<String, List<StoredModel>>> bucket) {
        Map<String, Item> pointers = new HashMap<>();
        table.all(Query.of(PARTITION, Index.MAIN))
                .forEach(item -> pointers.put(item.key().sort(), item));
        Map<String, List<StoredModel>> found = bucket.get();
        Set<String> owners = new TreeSet<>(pointers.keySet());
        owners.addAll(found.keySet());
        owners.remove(SHARED);
        // the shared one last: its mark says that all others are known
        List<String> order = new ArrayList<>(owners);
        order.add(SHARED);
        List<String> changed = new ArrayList<>();
        for (String owner : order) {
            if (renew(owner, pointers.get(owner), found.getOrDefault(owner, List.of()))) {
                changed.add(owner);
            }
        }
        return changed;
    }

    private boolean renew(String owner, @Nullable Item pointer, List<StoredModel> found) {
        boolean whole = owner.equals(SHARED);
        Map<String, StoredModel> last =
                pointer == null
                        ? Map.of()
                        : byPath(
                                list(pointer.text(LIST))
                                        .map(TableModelIndex::all)
                                        .orElse(List.of()));
        Map<String, StoredModel> now = new LinkedHashMap<>();
        found.forEach(file -> now.put(file.path(), file.knowing(last.get(file.path()))));
        boolean marked = !whole || (pointer != null && pointer.has(WHOLE));
        if (pointer != null && marked && Map.copyOf(now).equals(Map.copyOf(last))) {
            return false;
        }
        return replace(owner, pointer, now.values(), whole);
    }

    private static List<StoredModel> all(Map<String, List<StoredModel>> byFolder) {
        return byFolder.values().stream().flatMap(List::stream).toList();
    }

    private static Map<String, StoredModel> byPath(List<StoredModel> files) {
        Map<String, StoredModel> byPath = new LinkedHashMap<>();
        files.forEach(file -> byPath.put(file.path(), file));
        return byPath;
    }
}
