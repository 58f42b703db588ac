package comfyserverless.runner.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The results of one run's nodes: in the runner's own cache, or shared by the tenant's runners, from where
/// one is fetched when it is first needed.
final class RunResults {
    /// Where results are kept beyond a run.
    ///
    /// @param nanos the monotonic clock
    record Caches(OutputCache own, SharedResults shared, LongSupplier nanos) {}

    private final JobRun job;
    private final DynamicGraph graph;
    private final CacheKeys keys;
    private final Caches caches;
    private final Predicate<String> mayShare;
    private final Set<String> elsewhere = new HashSet<>();
    private final Map<String, Long> began = new HashMap<>();

    /// @param mayShare whether a node's result may be shared
    RunResults(
            JobRun job,
            DynamicGraph graph,
            CacheKeys keys,
            Caches caches,
            Predicate<String> mayShare) {
        this.job = job;
        this.graph = graph;
        this.keys = keys;
        this.caches = caches;
        this.mayShare = mayShare;
    }

    /// The prompt begins. Returns the nodes whose results are kept track of: those of the prompt, and those
    /// that they had expanded into before.
    Set<String> begin() {
        caches.own().begin(keysOf(graph.original()));
        look(graph.original());
        Set<String> tracked = new LinkedHashSet<>(graph.original());
        tracked.addAll(caches.own().inner());
        return tracked;
    }

    /// A node has expanded into others.
    void expanded(String id, Collection<String> children) {
        caches.own().expanded(keys.of(id), keysOf(children));
        look(children);
    }

    private List<CacheKey> keysOf(Collection<String> ids) {
        return ids.stream().map(keys::of).toList();
    }

    private void look(Collection<String> ids) {
        if (!caches.shared().isOn()) {
            return;
        }
        List<String> wanted = new ArrayList<>();
        for (String id : ids) {
            if (held(id) == null && isShared(id)) {
                wanted.add(keys.of(id).signature());
            }
        }
        elsewhere.addAll(caches.shared().find(job.claim().key().tenant(), wanted));
    }

    private boolean isShared(String id) {
        return mayShare.test(id) && keys.isStable(id);
    }

    /// The result that this runner holds; null if it holds none.
    @Nullable NodeResult held(String id) {
        return caches.own().get(keys.of(id));
    }

    /// Whether there is a result, here or elsewhere.
    boolean knows(String id) {
        return graph.has(id) && (held(id) != null || elsewhere.contains(keys.of(id).signature()));
    }

    /// The result, fetched if need be; null if there is none.
    @Nullable NodeResult get(String id) {
        if (!graph.has(id)) {
            return null;
        }
        NodeResult known = held(id);
        CacheKey key = keys.of(id);
        if (known != null || !elsewhere.remove(key.signature())) {
            return known;
        }
        NodeResult fetched = caches.shared().read(key.tenant(), key.signature()).orElse(null);
        if (fetched != null) {
            caches.own().put(key, fetched);
        }
        return fetched;
    }

    void started(String id) {
        began.putIfAbsent(id, caches.nanos().getAsLong());
    }

    void put(String id, NodeResult result) {
        CacheKey key = keys.of(id);
        caches.own().put(key, result);
        Long since = began.remove(id);
        if (since != null && caches.shared().isOn() && result.ui() == null && isShared(id)) {
            Duration took = Duration.ofNanos(caches.nanos().getAsLong() - since);
            caches.shared().keep(key, result, took, job.lease());
        }
    }

    /// No node of this run is waiting for the result any more.
    void release(String id) {
        if (graph.has(id)) {
            caches.own().release(keys.of(id));
        }
    }
}
