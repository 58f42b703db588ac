package comfyserverless.diffusion.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// CLIP's text encoders under the names of the transformers library without `text_model.`. In OpenCLIP's layout
/// queries, keys and values lie in one tensor and the text projection is turned (`clip_text_transformers_convert`,
/// ComfyUI 0.3.64).
public final class OpenClipNames {

    /// What names begin with in the layout of the transformers library.
    public static final String MODEL = "text_model.";

    private static final String BLOCKS = "transformer.resblocks.";
    private static final String LAYERS = "encoder.layers.";
    private static final String PROJECTION = "text_projection";
    private static final Map<String, String> ENDS =
            Map.of(
                    "positional_embedding", "embeddings.position_embedding.weight",
                    "token_embedding.weight", "embeddings.token_embedding.weight",
                    "ln_final.weight", "final_layer_norm.weight",
                    "ln_final.bias", "final_layer_norm.bias",
                    "text_projection.weight", "text_projection.weight");
    private static final Map<String, String> MODULES =
            Map.of(
                    "ln_1", "layer_norm1",
                    "ln_2", "layer_norm2",
                    "mlp.c_fc", "mlp.fc1",
                    "mlp.c_proj", "mlp.fc2",
                    "attn.out_proj", "self_attn.out_proj");
    private static final List<String> ATTENTION =
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

    private OpenClipNames() {}

    public static boolean isText(StateDict dict) {
        return dict.contains(BLOCKS + "0.ln_1.weight");
    }

    /// A text encoder in the layout of the transformers library, with [#MODEL] taken off and its projection, which lies
    /// beside it, kept.
    public static StateDict transformers(StateDict dict) {
        SortedMap<String, TensorEntry> renamed = new TreeMap<>();
        for (String name : dict.names()) {
            if (name.startsWith(MODEL)) {
                renamed.put(name.substring(MODEL.length()), dict.entry(name));
            }
        }
        dict.find(PROJECTION + ".weight").ifPresent(it -> renamed.put(PROJECTION + ".weight", it));
        return dict.holding(renamed);
    }

    /// A text encoder; what is none of it (the picture's encoder, the scale of the logits) is left out.
    public static StateDict text(StateDict dict) {
        SortedMap<String, TensorEntry> renamed = new TreeMap<>();
        for (String name : dict.names()) {
            TensorEntry entry = dict.entry(name);
            String known = ENDS.get(name);
            if (known != null) {
                renamed.put(known, entry);
            } else if (name.equals(PROJECTION)) {
                renamed.put(PROJECTION + ".weight", turned(dict.entry(name, 2)));
            } else if (name.startsWith(BLOCKS)) {
                putLayer(renamed, name.substring(BLOCKS.length()), entry);
            }
        }
        return dict.holding(renamed);
    }

    /// @param inside `0.attn.in_proj_weight` and the like
    private static void putLayer(
            SortedMap<String, TensorEntry> renamed, String inside, TensorEntry entry) {
        int first = inside.indexOf('.');
        int last = inside.lastIndexOf('.');
        if (first < 0 || last <= first) {
            return;
        }
        String layer = LAYERS + inside.substring(0, first + 1);
        String module = inside.substring(first + 1, last);
        String end = inside.substring(last);
        String known = MODULES.get(module);
        if (known != null) {
            renamed.put(layer + known + end, entry);
        } else if (module.equals("attn") && end.startsWith(".in_proj_")) {
            for (int i = 0; i < ATTENTION.size(); i++) {
                renamed.put(
                        layer + ATTENTION.get(i) + "." + end.substring(".in_proj_".length()),
                        third(entry, i));
            }
        }
    }

    /// A third of the rows; they lie one behind the other.
    private static TensorEntry third(TensorEntry entry, int which) {
        long[] shape = entry.sizes();
        shape[0] /= ATTENTION.size();
        long bytes = (entry.end() - entry.begin()) / ATTENTION.size();
        long begin = entry.begin() + which * bytes;
        return new TensorEntry(
                entry.dtype(),
                Arrays.stream(shape).boxed().toList(),
                entry.strides(),
                begin,
                begin + bytes);
    }

    private static TensorEntry turned(TensorEntry entry) {
        return new TensorEntry(
                entry.dtype(),
                entry.shape().reversed(),
                entry.strides().reversed(),
                entry.begin(),
                entry.end());
    }
}
