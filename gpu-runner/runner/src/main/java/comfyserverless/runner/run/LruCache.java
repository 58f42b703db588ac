package comfyserverless.runner.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The results used last, over prompts (LRUCache, ComfyUI 0.3.64), up to a number of them or as long as
/// enough memory is free. What the running prompt names is never dropped.
final class LruCache implements OutputCache {
    private static final class Entry {
        private final NodeResult result;
        private final long bytes;
        private long used;

        Entry(NodeResult result, long used) {
            this.result = result;
            this.bytes = ValueSizes.bytes(result);
            this.used = used;
        }
    }

    private record Expansion(String classType, List<String> children) {}

    private final int most;
    private final long headroom;
    private final LongSupplier free;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Expansion> expansions = new HashMap<>();
    private long generation;
    private long lastFree = -1;
    private long droppedSince;

    private LruCache(int most, long headroom, LongSupplier free) {
        this.most = most;
        this.headroom = headroom;
        this.free = free;
    }

    static LruCache ofEntries(int most) {
        return new LruCache(most, 0, () -> Long.MAX_VALUE);
    }

    /// @param headroom how many bytes shall stay free
    /// @param free how many bytes are free now; it may lag behind what was dropped
    static LruCache ofFreeMemory(long headroom, LongSupplier free) {
        return new LruCache(Integer.MAX_VALUE, headroom, free);
    }

    @Override
    public @Nullable NodeResult get(CacheKey key) {
        Entry entry = entries.get(key.content());
        if (entry == null) {
            return null;
        }
        entry.used = generation;
        return entry.result;
    }

    @Override
    public void put(CacheKey key, NodeResult result) {
        entries.put(key.content(), new Entry(result, generation));
        makeRoom();
    }

    @Override
    public void begin(Collection<CacheKey> prompt) {
        generation++;
        Map<String, Expansion> kept = new HashMap<>();
        for (CacheKey key : prompt) {
            get(key);
            Expansion known = expansions.get(key.id());
            if (known != null && known.classType().equals(key.classType())) {
                kept.put(key.id(), known);
            }
        }
        expansions.clear();
        expansions.putAll(kept);
        trim();
        makeRoom();
    }

    private void trim() {
        if (entries.size() > most) {
            List<Map.Entry<String, Entry>> oldest = unused();
            long bound = Long.MIN_VALUE;
            int left = entries.size();
            for (Map.Entry<String, Entry> each : oldest) {
                if (left <= most && each.getValue().used > bound) {
                    break;
                }
                bound = each.getValue().used;
                entries.remove(each.getKey());
                left--;
            }
        }
    }

    /// What this prompt has not used, what was used longest ago first, of that the largest first.
    private List<Map.Entry<String, Entry>> unused() {
        List<Map.Entry<String, Entry>> found = new ArrayList<>();
        for (Map.Entry<String, Entry> each : entries.entrySet()) {
            if (each.getValue().used < generation) {
                found.add(Map.entry(each.getKey(), each.getValue()));
            }
        }
        found.sort(
                Comparator.<Map.Entry<String, Entry>>comparingLong(e -> e.getValue().used)
                        .thenComparing(e -> e.getValue().bytes, Comparator.reverseOrder()));
        return found;
    }

    /// Drops results until enough is free. A reading stands until the next one differs, so what was dropped
    /// since is counted as free.
    private void makeRoom() {
        if (headroom == 0) {
            return;
        }
        long now = free.getAsLong();
        if (now != lastFree) {
            lastFree = now;
            droppedSince = 0;
        }
        long lacking = headroom - now - droppedSince;
        if (lacking <= 0) {
            return;
        }
        for (Map.Entry<String, Entry> each : unused()) {
            entries.remove(each.getKey());
            droppedSince += each.getValue().bytes;
            lacking -= each.getValue().bytes;
            if (lacking <= 0) {
                return;
            }
        }
    }

    @Override
    public void expanded(CacheKey parent, Collection<CacheKey> children) {
        List<String> ids = new ArrayList<>();
        for (CacheKey child : children) {
            get(child);
            ids.add(child.id());
        }
        expansions.put(parent.id(), new Expansion(parent.classType(), ids));
        trim();
    }

    @Override
    public Set<String> inner() {
        Set<String> inner = new LinkedHashSet<>();
        expansions.values().forEach(expansion -> inner.addAll(expansion.children()));
        return inner;
    }

    @Override
    public void release(CacheKey key) {}

    @Override
    public void clear() {
        entries.clear();
        expansions.clear();
    }
}
