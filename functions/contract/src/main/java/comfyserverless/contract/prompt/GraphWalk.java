package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.prompt.InputChecks.Checked;
import comfyserverless.contract.prompt.InputChecks.Descent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks from the outputs up their links and judges each node once, with a stack of its own instead of
/// recursion. A node is valid if it and all that it links to are.
final class GraphWalk {
    private record Judged(boolean valid, List<PromptError> errors) {}

    private static final class Frame {
        private final String id;
        private final @Nullable Descent from;
        private final Checked checked;
        private final Iterator<Descent> links;
        private boolean valid = true;

        Frame(String id, @Nullable Descent from, Checked checked) {
            this.id = id;
            this.from = from;
            this.checked = checked;
            this.links = checked.descents().iterator();
        }
    }

    private final ObjectNode prompt;
    private final Map<String, NodeDefinition> classes;
    private final InputChecks checks;
    private final Map<String, Judged> judged = new LinkedHashMap<>();
    private final Map<String, List<Descent>> linksOfBad = new HashMap<>();
    private final LinkedHashSet<String> path = new LinkedHashSet<>();
    private @Nullable String cycle;

    GraphWalk(ObjectNode prompt, Map<String, NodeDefinition> classes, InputChecks checks) {
        this.prompt = prompt;
        this.classes = classes;
        this.checks = checks;
    }

    /// Judges an output node and all above it; true if it can run.
    boolean visit(String output) {
        Judged known = judged.get(output);
        if (known != null) {
            return known.valid();
        }
        Deque<Frame> stack = new ArrayDeque<>();
        Frame frame = enter(output, null);
        while (true) {
            if (frame.links.hasNext()) {
                Descent link = frame.links.next();
                Judged seen = judged.get(link.node());
                if (seen != null) {
                    frame.valid &= seen.valid();
                } else if (path.contains(link.node())) {
                    frame.valid = false;
                    noteCycle(link.node());
                } else {
                    stack.push(frame);
                    frame = enter(link.node(), link);
                }
                continue;
            }
            boolean valid = leave(frame);
            if (stack.isEmpty()) {
                return valid;
            }
            frame = stack.pop();
            frame.valid &= valid;
        }
    }

    List<PromptError> errorsOf(String id) {
        Judged node = judged.get(id);
        return node == null ? List.of() : node.errors();
    }

    /// The cycle that was met first, as `1 → 2 → 1`.
    Optional<String> cycle() {
        return Optional.ofNullable(cycle);
    }

    /// The errors of all nodes that the given outputs depend on.
    NodeErrors errors(List<String> badOutputs) {
        Map<String, List<String>> dependents = new HashMap<>();
        for (String output : badOutputs) {
            for (String node : badAbove(output)) {
                dependents.computeIfAbsent(node, n -> new ArrayList<>()).add(output);
            }
        }
        Map<String, NodeErrors.OfNode> all = new LinkedHashMap<>();
        judged.forEach((id, node) -> {
            List<String> outputs = dependents.get(id);
            if (outputs != null && !node.errors().isEmpty()) {
                String classType = prompt.path(id).path("class_type").textValue();
                all.put(id, new NodeErrors.OfNode(node.errors(), outputs, classType));
            }
        });
        return new NodeErrors(all);
    }

    private Frame enter(String id, @Nullable Descent from) {
        path.add(id);
        NodeDefinition definition = classes.get(id);
        if (definition == null) {
            throw new IllegalStateException("node " + id + " was not looked up");
        }
        return new Frame(id, from, checks.check(id, definition));
    }

    private boolean leave(Frame frame) {
        path.remove(frame.id);
        List<PromptError> errors = frame.checked.errors();
        ValidatorFailure failure = frame.checked.failure();
        if (failure != null) {
            errors = List.of(exception(failure, frame.from));
        }
        boolean valid = frame.valid && errors.isEmpty();
        judged.put(frame.id, new Judged(valid, errors));
        if (!valid) {
            linksOfBad.put(frame.id, frame.checked.descents());
        }
        return valid;
    }

    private static PromptError exception(ValidatorFailure failure, @Nullable Descent from) {
        ObjectNode info = Json.object();
        String details = String.valueOf(failure.getMessage());
        if (from == null) {
            info.put("exception_type", failure.pythonType());
            info.putArray("traceback");
            return new PromptError(
                    "exception_during_validation", "Exception when validating node", details, info);
        }
        info.put("input_name", from.inputName());
        info.set("input_config", from.config().get());
        info.put("exception_message", details);
        info.put("exception_type", failure.pythonType());
        info.putArray("traceback");
        info.set("linked_node", from.link());
        return new PromptError(
                "exception_during_inner_validation",
                "Exception when validating inner node",
                details,
                info);
    }

    private void noteCycle(String to) {
        if (cycle != null) {
            return;
        }
        List<String> ids = new ArrayList<>(path);
        List<String> round = new ArrayList<>(ids.subList(ids.indexOf(to), ids.size()));
        round.add(to);
        if (round.size() > 12) {
            round = new ArrayList<>(round.subList(0, 11));
            round.add("…");
        }
        cycle = String.join(" → ", round);
    }

    private Set<String> badAbove(String output) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.push(output);
        while (!open.isEmpty()) {
            String id = open.pop();
            List<Descent> links = linksOfBad.get(id);
            if (links != null && seen.add(id)) {
                links.forEach(l -> open.push(l.node()));
            }
        }
        return seen;
    }
}
