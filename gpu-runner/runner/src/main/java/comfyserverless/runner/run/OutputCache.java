package comfyserverless.runner.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The results of the last prompt (ComfyUI's classic cache): what the next prompt does not name is
/// forgotten when it begins. Used by one runner, one run at a time.
public final class OutputCache {
    private final Map<CacheKey, NodeResult> results = new HashMap<>();

    @Nullable NodeResult get(CacheKey key) {
        return results.get(key);
    }

    void put(CacheKey key, NodeResult result) {
        results.put(key, result);
    }

    /// Forgets all but the results of these keys; those of expansions stay as long as the node that they
    /// belong to is there.
    void keep(Set<CacheKey> keys, Set<String> nodeIds) {
        results.keySet()
                .removeIf(key ->
                        key.parent().isEmpty()
                                ? !keys.contains(key)
                                : !nodeIds.contains(key.root()));
    }

    public void clear() {
        results.clear();
    }
}
