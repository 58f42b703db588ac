package comfyserverless.nodeharness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import comfyserverless.contract.file.AnnotatedName;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs one node as the server would: its inputs are validated (by its pack's validator too, where the
/// pack is on the class path), lazy ones are handed over when it asks, lists run item by item. What it
/// says, shows and stores is written down.
///
/// ```java
/// Ran ran = NodeHarness.run(new Vignette(), Map.of("image", picture, "strength", 0.5));
/// assertThat(ran.image(0).data()[0]).isEqualTo(0.5f);
/// ```
///
/// Inputs are [Value]s, or numbers, texts, truth values, lists and JSON; several items of one input are a
/// [Value.Many].
public final class NodeHarness {
    private final Node node;
    private final MemoryFiles files = new MemoryFiles();
    private final List<JsonNode> letters = new ArrayList<>();
    private int stopAt = Integer.MAX_VALUE;

    private NodeHarness(Node node) {
        this.node = node;
    }

    /// A harness to which files, models and letters can be given.
    public static NodeHarness of(Node node) {
        return new NodeHarness(node);
    }

    /// Runs a node that needs nothing but its inputs.
    ///
    /// @throws RefusedInputs if the server would refuse them
    /// @throws Exception what the node throws
    public static Ran run(Node node, Map<String, ?> inputs) throws Exception {
        return of(node).run(inputs);
    }

    /// With a file as prompts name it: `a.png` in the input folder, `sub/a.png [output]`, `a.png [temp]`.
    public NodeHarness withFile(String annotatedName, byte[] bytes) {
        FileRef ref =
                AnnotatedName.parse(annotatedName)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "\"" + annotatedName + "\" names no file"));
        files.put(ref, bytes);
        return this;
    }

    /// With a model file.
    public NodeHarness withModel(String folder, String name, Path file) {
        files.models().add(folder, name, file);
        return this;
    }

    /// With a letter in the node's mailbox, behind those that are there.
    public NodeHarness withLetter(JsonNode letter) {
        letters.add(letter);
        return this;
    }

    /// The run is stopped when the node looks for the n-th time whether it shall stop: [StoppedRun].
    public NodeHarness stoppedAt(int look) {
        stopAt = look;
        return this;
    }

    /// Runs the node.
    ///
    /// @throws RefusedInputs if the server would refuse them
    /// @throws Exception what the node throws
    public Ran run(Map<String, ?> inputs) throws Exception {
        Given given = new Given(node.definition(), inputs);
        Map<String, List<Value>> items = given.validated(files);
        Recording recording = new Recording(files, new ArrayList<>(letters), stopAt);
        Set<String> asked = node.isLazy() ? ask(items, recording) : Set.of();
        if (node.isLazy()) {
            hide(items, asked);
        }
        List<Outputs> answers = new ArrayList<>();
        for (Map<String, Value> call : calls(items)) {
            recording.checkStop();
            answers.add(node.run(new Inputs(call), recording));
        }
        return Ran.of(node.definition(), answers, List.copyOf(asked), recording);
    }

    /// What the node says besides its inputs about whether an earlier result still holds; links are null
    /// to it.
    ///
    /// @throws Exception what the node throws
    public JsonNode changeMark(Map<String, ?> inputs) throws Exception {
        Given given = new Given(node.definition(), inputs);
        Map<String, Value> literals = new LinkedHashMap<>();
        given.validated(files)
                .forEach((name, list) -> {
                    literals.put(name, given.isLinked(name) ? nothing() : list.getFirst());
                });
        Recording recording = new Recording(files, new ArrayList<>(letters), stopAt);
        return node.changeMark(new Inputs(literals), recording);
    }

    /// Asks until it has all that it wants, as the engine does: what is not there yet is null.
    private Set<String> ask(Map<String, List<Value>> items, Recording recording) throws Exception {
        Set<String> asked = new LinkedHashSet<>();
        boolean more = true;
        while (more) {
            Map<String, List<Value>> seen = new LinkedHashMap<>(items);
            hide(seen, asked);
            more = false;
            for (Map<String, Value> call : perItem(seen)) {
                for (String name : node.needs(new Inputs(call), recording)) {
                    more |= items.containsKey(name) && isLazy(name) && asked.add(name);
                }
            }
        }
        return asked;
    }

    private void hide(Map<String, List<Value>> items, Set<String> asked) {
        items.replaceAll(
                (name, list) -> isLazy(name) && !asked.contains(name) ? List.of(nothing()) : list);
    }

    private boolean isLazy(String name) {
        InputSpec spec = node.definition().input(name);
        return spec != null && spec.isLazy();
    }

    private static Value nothing() {
        return new Value.Json(NullNode.getInstance());
    }

    private List<Map<String, Value>> calls(Map<String, List<Value>> items) {
        NodeDefinition definition = node.definition();
        if (!definition.is(Trait.INPUT_IS_LIST)) {
            return perItem(items);
        }
        Map<String, Value> call = new LinkedHashMap<>();
        items.forEach((name, list) -> call.put(name, new Value.Many(list)));
        return List.of(call);
    }

    /// One call per item of the longest list; shorter lists repeat their last item.
    private static List<Map<String, Value>> perItem(Map<String, List<Value>> items) {
        int longest = items.values().stream().mapToInt(List::size).max().orElse(1);
        List<Map<String, Value>> calls = new ArrayList<>();
        for (int i = 0; i < longest; i++) {
            Map<String, Value> call = new LinkedHashMap<>();
            for (Map.Entry<String, List<Value>> input : items.entrySet()) {
                List<Value> list = input.getValue();
                if (!list.isEmpty()) {
                    call.put(input.getKey(), list.get(Math.min(i, list.size() - 1)));
                }
            }
            calls.add(call);
        }
        return calls;
    }
}
