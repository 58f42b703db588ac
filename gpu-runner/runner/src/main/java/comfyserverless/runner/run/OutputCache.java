package comfyserverless.runner.run;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The results of nodes that a runner keeps, by one of ComfyUI's rules. Used by one runner, one run at a
/// time.
sealed interface OutputCache permits ClassicCache, LruCache, NoCache {
    @Nullable NodeResult get(CacheKey key);

    void put(CacheKey key, NodeResult result);

    /// A prompt with these nodes begins.
    void begin(Collection<CacheKey> prompt);

    /// A node has expanded into others.
    void expanded(CacheKey parent, Collection<CacheKey> children);

    /// No node of this run is waiting for the result any more.
    void release(CacheKey key);

    /// The nodes that nodes of the running prompt had expanded into before, as far as that is remembered.
    Set<String> inner();

    void clear();

    /// The cache that a setting asks for.
    static OutputCache of(CacheMode mode) {
        return switch (mode) {
            case CacheMode.Classic _ -> new ClassicCache();
            case CacheMode.Lru lru -> LruCache.ofEntries(lru.entries());
            case CacheMode.FreeMemory memory ->
                    LruCache.ofFreeMemory(memory.headroom(), HeapMemory::free);
            case CacheMode.None _ -> new NoCache();
        };
    }
}
