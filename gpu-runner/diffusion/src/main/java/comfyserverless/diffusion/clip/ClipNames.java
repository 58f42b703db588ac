package comfyserverless.diffusion.clip;

import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.List;

/// The names of a text encoder's weights in the order in which `clip.py` uses them.
final class ClipNames {

    private static final String PROJECTION = "text_projection.weight";
    private static final List<String> LAYER =
            List.of(
                    "layer_norm1",
                    "self_attn.q_proj",
                    "self_attn.k_proj",
                    "self_attn.v_proj",
                    "self_attn.out_proj",
                    "layer_norm2",
                    "mlp.fc1",
                    "mlp.fc2");

    private ClipNames() {}

    static List<String> all(StateDict dict, ClipShape shape) {
        List<String> names = new ArrayList<>();
        names.add("embeddings.token_embedding.weight");
        names.add("embeddings.position_embedding.weight");
        add(names, "final_layer_norm");
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (String part : LAYER) {
                add(names, "encoder.layers." + layer + "." + part);
            }
        }
        if (dict.contains(PROJECTION)) {
            names.add(PROJECTION);
        }
        return names;
    }

    private static void add(List<String> names, String module) {
        names.add(module + ".weight");
        names.add(module + ".bias");
    }
}
