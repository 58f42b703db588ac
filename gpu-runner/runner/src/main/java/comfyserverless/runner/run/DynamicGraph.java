package comfyserverless.runner.run;

import comfyserverless.contract.graph.Graph;
import comfyserverless.contract.graph.GraphNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A prompt's graph and the nodes that expansions add while it runs (DynamicPrompt, ComfyUI 0.3.64).
final class DynamicGraph {
    private final Map<String, GraphNode> nodes;
    private final Set<String> original;
    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, String> displays = new HashMap<>();

    DynamicGraph(Graph graph) {
        this.nodes = new LinkedHashMap<>(graph.nodes());
        this.original = graph.nodes().keySet();
    }

    /// The ids of the prompt as sent.
    Set<String> original() {
        return original;
    }

    /// All ids, those of expansions behind those of the prompt.
    Set<String> all() {
        return java.util.Collections.unmodifiableSet(nodes.keySet());
    }

    boolean has(String id) {
        return nodes.containsKey(id);
    }

    GraphNode node(String id) {
        GraphNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("the graph has no node \"" + id + "\"");
        }
        return node;
    }

    /// Adds a node that `parent` expanded into.
    void add(GraphNode node, String parent, String display) {
        if (nodes.putIfAbsent(node.id(), node) != null) {
            throw new IllegalArgumentException(
                    "node \"" + parent + "\" adds \"" + node.id() + "\", which is there already");
        }
        parents.put(node.id(), parent);
        displays.put(node.id(), display);
    }

    /// The node of the prompt that an added node belongs to.
    String real(String id) {
        return root(parents, id);
    }

    /// The node that clients show as running.
    String display(String id) {
        return root(displays, id);
    }

    @Nullable String parent(String id) {
        return parents.get(id);
    }

    private static String root(Map<String, String> above, String id) {
        String at = id;
        for (String next = above.get(at); next != null; next = above.get(at)) {
            at = next;
        }
        return at;
    }
}
