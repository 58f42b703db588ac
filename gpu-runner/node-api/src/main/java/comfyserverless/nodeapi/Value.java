package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What goes through a link: data, or a handle that only its owner understands.
public sealed interface Value
        permits Image,
                Mask,
                Latent,
                Audio,
                Video,
                Value.Json,
                Value.Many,
                Value.Fields,
                Value.Handle,
                Value.Blocker {
    /// A number, text, truth value, null, list or object.
    record Json(JsonNode node) implements Value {}

    /// The items of an output that is declared as a list; they run one by one through the nodes behind.
    record Many(List<Value> items) implements Value {
        public Many {
            items = List.copyOf(items);
        }
    }

    /// Values by name, where plain JSON does not do: one of them is a tensor.
    record Fields(Map<String, Value> fields) implements Value {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /// Something that stays with the host of the nodes that made it: a model, a conditioning.
    ///
    /// @param type the socket type: MODEL, CLIP, VAE, CONDITIONING
    record Handle(String type, Object content) implements Value {}

    /// Keeps the nodes behind it from running; with a message the first of them reports an error.
    record Blocker(@Nullable String message) implements Value {}
}
