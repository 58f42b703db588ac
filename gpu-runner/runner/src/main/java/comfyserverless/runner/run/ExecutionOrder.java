package comfyserverless.runner.run;

import comfyserverless.contract.graph.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Which node runs next (ExecutionList, ComfyUI 0.3.64): of the nodes whose inputs are there an output
/// node first, then one just before an output node, then one two steps before, else the one that was
/// found first. Links and nodes may be added while it runs.
final class ExecutionOrder {
    private final DynamicGraph graph;
    private final Traits traits;
    private final Predicate<String> cached;
    private final Map<String, Waiting> pending = new HashMap<>();
    private final TreeMap<Long, String> ready = new TreeMap<>();
    private long found;

    /// What the order depends on besides links.
    interface Traits {
        boolean isOutput(String id);

        /// Whether it goes ahead of others because it only waits.
        boolean isAsync(String id);

        boolean isLazy(String id, String input);
    }

    private static final class Waiting {
        private final long place;
        private final Set<String> blocks = new LinkedHashSet<>();
        private int blockers;

        Waiting(long place) {
            this.place = place;
        }
    }

    /// @param cached whether a node's outputs are there already
    ExecutionOrder(DynamicGraph graph, Traits traits, Predicate<String> cached) {
        this.graph = graph;
        this.traits = traits;
        this.cached = cached;
    }

    /// Adds a node and all it needs, but for lazy inputs and what is cached.
    void add(String id) {
        Deque<String> open = new ArrayDeque<>();
        List<String[]> links = new ArrayList<>();
        open.push(id);
        while (!open.isEmpty()) {
            String each = open.pop();
            if (pending.containsKey(each)) {
                continue;
            }
            Waiting waiting = new Waiting(found++);
            pending.put(each, waiting);
            ready.put(waiting.place, each);
            for (Map.Entry<String, Link> input : graph.node(each).links().entrySet()) {
                String from = input.getValue().nodeId();
                if (!traits.isLazy(each, input.getKey()) && !cached.test(from)) {
                    open.push(from);
                    links.add(new String[] {from, each});
                }
            }
        }
        for (String[] link : links) {
            require(link[0], link[1]);
        }
    }

    /// Makes `to` wait for `from`.
    void require(String from, String to) {
        if (cached.test(from)) {
            return;
        }
        add(from);
        Waiting source = waiting(from);
        Waiting target = waiting(to);
        if (source.blocks.add(to)) {
            target.blockers++;
            ready.remove(target.place);
        }
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /// The node to run now; empty if those that are left wait for each other.
    Optional<String> next() {
        if (ready.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                first(id -> traits.isOutput(id) || traits.isAsync(id))
                        .or(() -> first(this::isBeforeOutput))
                        .or(() -> first(this::isTwoBeforeOutput))
                        .orElseGet(() -> ready.firstEntry().getValue()));
    }

    private Optional<String> first(Predicate<String> wanted) {
        return ready.values().stream().filter(wanted).findFirst();
    }

    private boolean isBeforeOutput(String id) {
        return waiting(id).blocks.stream().anyMatch(traits::isOutput);
    }

    private boolean isTwoBeforeOutput(String id) {
        return waiting(id).blocks.stream().anyMatch(this::isBeforeOutput);
    }

    /// Takes a node that has run out of the order.
    void complete(String id) {
        Waiting done = waiting(id);
        pending.remove(id);
        ready.remove(done.place);
        for (String blocked : done.blocks) {
            Waiting target = waiting(blocked);
            if (--target.blockers == 0) {
                ready.put(target.place, blocked);
            }
        }
    }

    /// The nodes that wait for each other, when none is ready.
    List<String> cycle() {
        Set<String> blocked = new LinkedHashSet<>();
        pending.entrySet().stream()
                .sorted(Map.Entry.comparingByValue((a, b) -> Long.compare(a.place, b.place)))
                .forEach(e -> blocked.add(e.getKey()));
        boolean removed = true;
        while (removed) {
            removed =
                    blocked.removeIf(
                            id -> waiting(id).blocks.stream().noneMatch(blocked::contains));
        }
        return List.copyOf(blocked);
    }

    private Waiting waiting(String id) {
        Waiting waiting = pending.get(id);
        if (waiting == null) {
            throw new IllegalStateException("node \"" + id + "\" is not waiting to run");
        }
        return waiting;
    }
}
