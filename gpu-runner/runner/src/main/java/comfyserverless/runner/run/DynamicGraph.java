package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.graph.Graph;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.DynamicPrompt;
import comfyserverless.nodeapi.NodeException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A prompt's graph and the nodes that expansions add while it runs (DynamicPrompt, ComfyUI 0.3.64). The
/// thread of the run alone changes it; nodes on other threads read it through [#view].
final class DynamicGraph {
    /// So many letters may the ids of added nodes have together. Ids grow with every turn of a loop, so one
    /// that never ends would fill the memory; 800 turns of a loop of six nodes stay below.
    private static final long MOST_LETTERS = 1L << 25;

    private final Map<String, GraphNode> nodes;
    private final Set<String> original;
    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, String> roots = new HashMap<>();
    private final Map<String, String> displays = new HashMap<>();
    private long letters;

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

    /// Adds a node that `parent` expanded into. The same node again, by the same parent, changes nothing: a
    /// run that keeps no results may come to it twice.
    synchronized void add(GraphNode node, String parent, String display) {
        String id = node.id();
        letters += id.length();
        if (letters > MOST_LETTERS) {
            throw new NodeException(
                    "RecursionError",
                    "node \""
                            + real(parent)
                            + "\" has expanded into "
                            + parents.size()
                            + " nodes and goes on: a loop in it does not seem to end");
        }
        GraphNode known = nodes.putIfAbsent(id, node);
        if (known != null) {
            if (parent.equals(parents.get(id)) && node.equals(known)) {
                return;
            }
            throw new IllegalArgumentException(
                    "node \"" + parent + "\" adds \"" + id + "\", which is there already");
        }
        parents.put(id, parent);
        roots.put(id, real(parent));
        displays.put(id, display(display));
    }

    /// The node of the prompt that an added node belongs to.
    String real(String id) {
        return roots.getOrDefault(id, id);
    }

    /// The node that clients show as running.
    String display(String id) {
        return displays.getOrDefault(id, id);
    }

    @Nullable String parent(String id) {
        return parents.get(id);
    }

    /// The graph as nodes see it, from any thread.
    DynamicPrompt view() {
        return new View(this);
    }

    private record View(DynamicGraph graph) implements DynamicPrompt {
        @Override
        public Set<String> ids() {
            synchronized (graph) {
                return new LinkedHashSet<>(graph.nodes.keySet());
            }
        }

        @Override
        public Optional<ObjectNode> node(String id) {
            synchronized (graph) {
                return Optional.ofNullable(graph.nodes.get(id)).map(View::written);
            }
        }

        private static ObjectNode written(GraphNode node) {
            ObjectNode json = Json.object();
            ObjectNode inputs = json.putObject("inputs");
            node.inputs().forEach((name, value) -> inputs.set(name, value.deepCopy()));
            return json.put("class_type", node.classType());
        }

        @Override
        public @Nullable String parent(String id) {
            synchronized (graph) {
                return graph.parent(id);
            }
        }

        @Override
        public String display(String id) {
            synchronized (graph) {
                return graph.display(id);
            }
        }
    }
}
