package comfyserverless.runner.run;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The results of the last prompt (HierarchicalCache, ComfyUI 0.3.64): what the next prompt does not name
/// is forgotten when it begins. What a node expanded into has a level of its own that lives as long as
/// that node is there, and loses what the next expansion does not name.
final class ClassicCache implements OutputCache {
    private static final String PROMPT = "";

    private static final class Level {
        private final Map<String, NodeResult> results = new HashMap<>();
        private Set<Place> nodes = Set.of();
    }

    private record Place(String id, String classType) {}

    private final Map<String, Level> levels = new HashMap<>();
    private String tenant = "";

    @Override
    public @Nullable NodeResult get(CacheKey key) {
        Level level = levels.get(key.parent());
        return level == null ? null : level.results.get(key.signature());
    }

    @Override
    public void put(CacheKey key, NodeResult result) {
        level(key.parent()).results.put(key.signature(), result);
    }

    private Level level(String parent) {
        return levels.computeIfAbsent(parent, _ -> new Level());
    }

    @Override
    public void begin(Collection<CacheKey> prompt) {
        for (CacheKey key : prompt) {
            if (!key.tenant().equals(tenant)) {
                levels.clear();
                tenant = key.tenant();
            }
        }
        keep(PROMPT, prompt);
    }

    @Override
    public void expanded(CacheKey parent, Collection<CacheKey> children) {
        keep(parent.id(), children);
    }

    private void keep(String parent, Collection<CacheKey> keys) {
        Set<String> signatures = new HashSet<>();
        Set<Place> nodes = new HashSet<>();
        for (CacheKey key : keys) {
            signatures.add(key.signature());
            nodes.add(new Place(key.id(), key.classType()));
        }
        Level level = level(parent);
        level.results.keySet().retainAll(signatures);
        Deque<Place> gone = new ArrayDeque<>(level.nodes);
        gone.removeAll(nodes);
        level.nodes = nodes;
        while (!gone.isEmpty()) {
            Level below = levels.remove(gone.pop().id());
            if (below != null) {
                gone.addAll(below.nodes);
            }
        }
    }

    @Override
    public void release(CacheKey key) {}

    @Override
    public Set<String> inner() {
        Set<String> inner = new LinkedHashSet<>();
        levels.forEach((parent, level) -> {
            if (!parent.equals(PROMPT)) {
                level.nodes.forEach(node -> inner.add(node.id()));
            }
        });
        return inner;
    }

    @Override
    public void clear() {
        levels.clear();
    }
}
