package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import java.util.Optional;
import java.util.stream.Collectors;

/// Values as Python's `str` shows them in ComfyUI's errors and texts.
public final class ValueText {
    private ValueText() {}

    public static String of(Value value) {
        return switch (value) {
            case Image i -> TensorText.of(i.data(), i.batch(), i.height(), i.width(), i.channels());
            case Mask m -> TensorText.of(m.data(), m.batch(), m.height(), m.width());
            case Latent l ->
                    "{'samples': "
                            + TensorText.of(
                                    l.data(), l.batch(), l.channels(), l.height(), l.width())
                            + "}";
            case Audio a ->
                    "{'waveform': "
                            + TensorText.of(a.data(), a.batch(), a.channels(), a.samples())
                            + ", 'sample_rate': "
                            + a.sampleRate()
                            + "}";
            case Video video -> "<" + video + ">";
            case Value.Json json -> PythonText.str(json.node());
            case Value.Many many ->
                    many.items().stream()
                            .map(ValueText::within)
                            .collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields fields ->
                    fields.fields().entrySet().stream()
                            .map(f -> PythonText.quoted(f.getKey()) + ": " + within(f.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            case Value.Handle handle -> "<" + handle.type() + ">";
            case Value.Blocker blocker -> "<ExecutionBlocker>";
        };
    }

    /// As lists and objects show what they hold.
    private static String within(Value value) {
        return value instanceof Value.Json json ? PythonText.repr(json.node()) : of(value);
    }

    /// A value that is nothing but plain data; empty if there is a tensor or a handle in it.
    public static Optional<JsonNode> plain(Value value) {
        return switch (value) {
            case Value.Json json -> Optional.of(json.node());
            case Value.Many many -> {
                ArrayNode list = Json.mapper().createArrayNode();
                for (Value item : many.items()) {
                    plain(item).ifPresent(list::add);
                }
                yield Optional.of(list).filter(l -> l.size() == many.items().size()).map(l -> l);
            }
            case Value.Fields fields -> {
                ObjectNode object = Json.object();
                fields.fields()
                        .forEach((name, field) ->
                                plain(field).ifPresent(node -> object.set(name, node)));
                yield Optional.of(object)
                        .filter(o -> o.size() == fields.fields().size())
                        .map(o -> o);
            }
            case Image _, Mask _, Latent _, Audio _, Video _, Value.Handle _, Value.Blocker _ ->
                    Optional.empty();
        };
    }
}
