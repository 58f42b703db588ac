package comfyserverless.runner.run;

import comfyserverless.contract.graph.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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
    private final TreeMap<Long, Waiting> ready = new TreeMap<>();
    private final Map<String, Integer> consumers = new HashMap<>();
    private long found;

    /// What the order depends on besides links.
    interface Traits {
        boolean isOutput(String id);

        /// Whether it goes ahead of others because it only waits.
        boolean isAsync(String id);

        boolean isLazy(String id, String input);
    }

    private static final class Waiting {
        private final String id;
        private final long place;
        private final boolean first;
        private final boolean output;
        private final Set<Waiting> blocks = new LinkedHashSet<>();
        private final List<String> sources = new ArrayList<>();
        private int blockers;

        Waiting(String id, long place, boolean output, boolean async) {
            this.id = id;
            this.place = place;
            this.output = output;
            this.first = output || async;
        }

        boolean isBeforeOutput() {
            for (Waiting blocked : blocks) {
                if (blocked.output) {
                    return true;
                }
            }
            return false;
        }

        boolean isTwoBeforeOutput() {
            for (Waiting blocked : blocks) {
                if (blocked.isBeforeOutput()) {
                    return true;
                }
            }
            return false;
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
            Waiting waiting =
                    new Waiting(each, found++, traits.isOutput(each), traits.isAsync(each));
            pending.put(each, waiting);
            ready.put(waiting.place, waiting);
            for (Map.Entry<String, Link> input : graph.node(each).links().entrySet()) {
                String from = input.getValue().nodeId();
                consume(from, waiting);
                if (!traits.isLazy(each, input.getKey()) && !cached.test(from)) {
                    open.push(from);
                    links.add(new String[] {from, each});
                }
            }
        }
        for (String[] link : links) {
            link(link[0], link[1]);
        }
    }

    private void consume(String from, Waiting by) {
        by.sources.add(from);
        consumers.merge(from, 1, Integer::sum);
    }

    /// Makes `to` wait for `from`.
    void require(String from, String to) {
        consume(from, waiting(to));
        link(from, to);
    }

    private void link(String from, String to) {
        if (cached.test(from)) {
            return;
        }
        add(from);
        Waiting source = waiting(from);
        Waiting target = waiting(to);
        if (source.blocks.add(target)) {
            block(target);
        }
    }

    /// Keeps a node back until [#unblock].
    void block(String id) {
        block(waiting(id));
    }

    private void block(Waiting waiting) {
        waiting.blockers++;
        ready.remove(waiting.place);
    }

    void unblock(String id) {
        unblock(waiting(id));
    }

    private void unblock(Waiting waiting) {
        if (--waiting.blockers == 0) {
            ready.put(waiting.place, waiting);
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
        for (Waiting each : ready.values()) {
            if (each.first) {
                return Optional.of(each.id);
            }
        }
        for (Waiting each : ready.values()) {
            if (each.isBeforeOutput()) {
                return Optional.of(each.id);
            }
        }
        for (Waiting each : ready.values()) {
            if (each.isTwoBeforeOutput()) {
                return Optional.of(each.id);
            }
        }
        return Optional.of(ready.firstEntry().getValue().id);
    }

    /// Takes a node that has run out of the order; returns the nodes whose results nobody in the order
    /// links to any more.
    List<String> complete(String id) {
        Waiting done = waiting(id);
        pending.remove(id);
        ready.remove(done.place);
        done.blocks.forEach(this::unblock);
        List<String> unwanted = new ArrayList<>();
        for (String source : done.sources) {
            if (consumers.merge(source, -1, Integer::sum) == 0) {
                unwanted.add(source);
            }
        }
        if (consumers.getOrDefault(id, 0) == 0) {
            unwanted.add(id);
        }
        return unwanted;
    }

    /// The nodes that are left, the one that was found first in front: when none is ready they wait for
    /// each other, or for one that does.
    List<String> left() {
        return pending.values().stream()
                .sorted(Comparator.comparingLong((Waiting each) -> each.place))
                .map(each -> each.id)
                .toList();
    }

    private Waiting waiting(String id) {
        Waiting waiting = pending.get(id);
        if (waiting == null) {
            throw new IllegalStateException("node \"" + id + "\" is not waiting to run");
        }
        return waiting;
    }
}
