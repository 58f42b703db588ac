package comfyserverless.nodeharness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Expansion;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What came of a run.
///
/// @param outputs one per declared output; several items (a list output, a list input) are a [Value.Many]
/// @param ui what clients show, `{"images": […]}`; empty if nothing
/// @param expansions the graphs that take the node's place
/// @param asked the lazy inputs that it asked for, in this order
/// @param told what it said meanwhile
/// @param saved the files that it stored
public record Ran(
        List<Value> outputs,
        ObjectNode ui,
        List<Expansion> expansions,
        List<String> asked,
        Told told,
        Map<FileRef, byte[]> saved) {
    /// A report of progress.
    public record Step(double value, double max) {}

    /// A message of the pack's own type.
    ///
    /// @param toAll to every client of the tenant, not only to the one that queued the prompt
    public record Message(String type, JsonNode data, boolean toAll) {}

    /// All that a node says while it runs, each kind in order.
    public record Told(
            List<Step> progress,
            List<PreviewFrame> previews,
            List<String> texts,
            List<Message> messages) {
        public Told {
            progress = List.copyOf(progress);
            previews = List.copyOf(previews);
            texts = List.copyOf(texts);
            messages = List.copyOf(messages);
        }
    }

    public Ran {
        outputs = List.copyOf(outputs);
        expansions = List.copyOf(expansions);
        asked = List.copyOf(asked);
        saved = Map.copyOf(saved);
    }

    static Ran of(
            NodeDefinition definition,
            List<Outputs> answers,
            List<String> asked,
            Recording recording) {
        return new Ran(
                merged(definition, answers),
                shown(answers),
                answers.stream().flatMap(a -> Stream.ofNullable(a.expansion())).toList(),
                asked,
                new Told(recording.steps, recording.previews, recording.texts, recording.messages),
                recording.files.saved());
    }

    private static List<Value> merged(NodeDefinition definition, List<Outputs> answers) {
        int count = answers.stream().mapToInt(a -> a.values().size()).max().orElse(0);
        List<Value> outputs = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            List<Value> items = new ArrayList<>();
            boolean list =
                    slot < definition.outputs().size() && definition.outputs().get(slot).list();
            for (Outputs answer : answers) {
                Value value = answer.values().get(slot);
                if (list && value instanceof Value.Many many) {
                    items.addAll(many.items());
                } else {
                    items.add(value);
                }
            }
            outputs.add(list || items.size() > 1 ? new Value.Many(items) : items.getFirst());
        }
        return outputs;
    }

    private static ObjectNode shown(List<Outputs> answers) {
        ObjectNode all = Json.object();
        for (Outputs answer : answers) {
            ObjectNode ui = answer.ui();
            if (ui != null) {
                ui.properties()
                        .forEach(
                                list -> list.getValue().forEach(all.withArray(list.getKey())::add));
            }
        }
        return all;
    }

    /// The picture of an output.
    public Image image(int output) {
        return (Image) outputs.get(output);
    }

    /// The mask of an output.
    public Mask mask(int output) {
        return (Mask) outputs.get(output);
    }

    /// The plain value of an output.
    public JsonNode json(int output) {
        return ((Value.Json) outputs.get(output)).node();
    }
}
