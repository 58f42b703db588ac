package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.graph.Link;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Says for each node by which key its outputs may be taken from an earlier run: a hash of its class,
/// its change mark, its literal inputs and the keys of the nodes behind its links. Computed once a node,
/// each from those before it, without recursion.
///
/// A node whose inputs come from two equal nodes has another key than one whose inputs come from one
/// (ComfyUI's signatures tell them apart), as long as no more than [#MOST] nodes are behind it.
final class CacheKeys {
    /// What a key depends on besides the graph.
    interface Marks {
        /// The node's change mark (`false` for most); NaN equals nothing.
        JsonNode changeMark(GraphNode node);

        /// What else tells equal nodes apart; empty for most.
        default String identity(GraphNode node) {
            return "";
        }

        /// Whether equal nodes with other ids are not the same.
        boolean dependsOnId(GraphNode node);
    }

    /// Behind more nodes than this it is not looked which of them are equal.
    private static final int MOST = 512;

    private final DynamicGraph graph;
    private final Marks marks;
    private final String tenant;
    private final String run;
    private final Map<String, String> keys = new HashMap<>();
    private final Map<String, CacheKey> made = new HashMap<>();
    private final Set<String> unstable = new HashSet<>();
    private final Map<String, String> firstOfKey = new HashMap<>();
    private final Set<String> twins = new HashSet<>();
    private long unique;

    /// @param run names this run like no other
    CacheKeys(DynamicGraph graph, Marks marks, String tenant, String run) {
        this.graph = graph;
        this.marks = marks;
        this.tenant = tenant;
        this.run = run;
    }

    /// The node's key.
    CacheKey of(String id) {
        CacheKey known = made.get(id);
        if (known != null) {
            return known;
        }
        String parent = graph.parent(id);
        String classType = graph.has(id) ? graph.node(id).classType() : "";
        CacheKey key =
                new CacheKey(tenant, parent == null ? "" : parent, id, classType, signature(id));
        made.put(id, key);
        return key;
    }

    /// Whether the key means the same in any other run: nothing behind it equals only itself.
    boolean isStable(String id) {
        return !unstable.contains(of(id).signature());
    }

    private String signature(String id) {
        Deque<String> open = new ArrayDeque<>();
        Map<String, Boolean> entered = new HashMap<>();
        open.push(id);
        while (!open.isEmpty()) {
            String each = open.peek();
            if (keys.containsKey(each)) {
                open.pop();
                continue;
            }
            if (!graph.has(each)) {
                String own = neverEqual();
                unstable.add(own);
                keys.put(each, own);
                continue;
            }
            if (entered.putIfAbsent(each, true) != null) {
                keep(each, hash(graph.node(each)));
                continue;
            }
            for (Link link : graph.node(each).links().values()) {
                if (!keys.containsKey(link.nodeId()) && !entered.containsKey(link.nodeId())) {
                    open.push(link.nodeId());
                }
            }
        }
        return java.util.Objects.requireNonNull(keys.get(id));
    }

    /// Notes whether the node equals an earlier one, or has one behind it that does.
    private void keep(String id, String key) {
        keys.put(id, key);
        boolean twin = !firstOfKey.computeIfAbsent(key, _ -> id).equals(id);
        if (twin || hasTwinBehind(graph.node(id))) {
            twins.add(id);
        }
    }

    private boolean hasTwinBehind(GraphNode node) {
        for (Link link : node.links().values()) {
            if (twins.contains(link.nodeId())) {
                return true;
            }
        }
        return false;
    }

    /// Which nodes behind this one are the same, if equal ones are among them; empty if there are none.
    private String sharing(GraphNode node) {
        if (!hasTwinBehind(node) || new HashSet<>(sources(node)).size() < 2) {
            return "";
        }
        Map<String, Integer> places = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        StringBuilder text = new StringBuilder();
        Deque<String> open = new ArrayDeque<>();
        sources(node).reversed().forEach(open::push);
        while (!open.isEmpty()) {
            String each = open.pop();
            if (places.putIfAbsent(each, places.size()) != null) {
                continue;
            }
            if (places.size() > MOST) {
                return "";
            }
            seen.add(keys.getOrDefault(each, each));
            if (graph.has(each)) {
                sources(graph.node(each)).reversed().forEach(open::push);
            }
        }
        if (seen.size() == places.size()) {
            return "";
        }
        append(text, node, places);
        for (String each : places.keySet()) {
            if (graph.has(each)) {
                append(text, graph.node(each), places);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, GraphNode node, Map<String, Integer> places) {
        text.append('(');
        sources(node).forEach(source -> text.append(places.get(source)).append(' '));
        text.append(')');
    }

    /// Where the node's links lead, by the names of its inputs.
    private static List<String> sources(GraphNode node) {
        return new TreeMap<>(node.links()).values().stream().map(Link::nodeId).toList();
    }

    private String hash(GraphNode node) {
        long before = unique;
        boolean stable = true;
        StringBuilder text = new StringBuilder();
        part(text, node.classType());
        write(text, marks.changeMark(node));
        String identity = marks.identity(node);
        if (!identity.isEmpty()) {
            text.append('M');
            part(text, identity);
        }
        if (marks.dependsOnId(node)) {
            part(text, node.id());
        }
        for (Map.Entry<String, JsonNode> input : new TreeMap<>(node.inputs()).entrySet()) {
            part(text, input.getKey());
            Link link = Link.of(input.getValue()).orElse(null);
            if (link == null) {
                write(text, input.getValue());
                continue;
            }
            text.append('L').append(link.slot());
            String source = keys.get(link.nodeId());
            part(text, source == null ? neverEqual() : source);
            stable &= source == null || !unstable.contains(source);
        }
        String sharing = sharing(node);
        if (!sharing.isEmpty()) {
            text.append('S');
            part(text, sharing);
        }
        String key = digest(text.toString());
        if (!stable || unique != before) {
            unstable.add(key);
        }
        return key;
    }

    /// Numbers and truth values are written by value: 1, 1.0 and true are one.
    private void write(StringBuilder text, JsonNode value) {
        switch (value.getNodeType()) {
            case STRING -> part(text, value.textValue());
            case NULL, MISSING -> text.append('N');
            case BOOLEAN -> text.append('#').append(value.booleanValue() ? 1 : 0);
            case NUMBER -> number(text, value);
            case ARRAY -> {
                text.append('[');
                value.forEach(v -> write(text, v));
                text.append(']');
            }
            case POJO, BINARY -> text.append(neverEqual());
            case OBJECT -> {
                text.append('{');
                Map<String, JsonNode> sorted = new TreeMap<>();
                value.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
                sorted.forEach((name, v) -> {
                    part(text, name);
                    write(text, v);
                });
                text.append('}');
            }
        }
    }

    private void number(StringBuilder text, JsonNode value) {
        if (value.isIntegralNumber()) {
            text.append('#').append(value.bigIntegerValue());
        } else if (Double.isNaN(value.doubleValue())) {
            text.append(neverEqual());
        } else if (Double.isInfinite(value.doubleValue())) {
            text.append('#').append(value.doubleValue());
        } else {
            BigDecimal exact = new BigDecimal(value.doubleValue()).stripTrailingZeros();
            text.append('#').append(exact.scale() <= 0 ? exact.toBigInteger() : exact);
        }
    }

    private String neverEqual() {
        return "?" + run + "." + unique++;
    }

    private static void part(StringBuilder text, String value) {
        text.append('"').append(value.length()).append(':').append(value);
    }

    private static String digest(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
