package comfyserverless.runner.run;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps a result only while a node of the same run waits for it.
final class NoCache implements OutputCache {
    private final Map<String, NodeResult> results = new HashMap<>();

    @Override
    public @Nullable NodeResult get(CacheKey key) {
        return results.get(key.id());
    }

    @Override
    public void put(CacheKey key, NodeResult result) {
        results.put(key.id(), result);
    }

    @Override
    public void begin(Collection<CacheKey> prompt) {
        results.clear();
    }

    @Override
    public void expanded(CacheKey parent, Collection<CacheKey> children) {}

    @Override
    public void release(CacheKey key) {
        results.remove(key.id());
    }

    @Override
    public Set<String> inner() {
        return Set.of();
    }

    @Override
    public void clear() {
        results.clear();
    }
}
