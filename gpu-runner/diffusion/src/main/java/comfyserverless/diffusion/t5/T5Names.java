package comfyserverless.diffusion.t5;

import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.List;

/// The names of T5's weights in the order in which `t5.py` uses them.
final class T5Names {

    static final String NORM = "encoder.final_layer_norm.weight";
    static final String POSITIONS =
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
    private static final String TABLE = "shared.weight";
    private static final String OTHER_TABLE = "encoder.embed_tokens.weight";
    private static final List<String> LAYER =
            List.of(
                    "0.layer_norm",
                    "0.SelfAttention.q",
                    "0.SelfAttention.k",
                    "0.SelfAttention.v",
                    "0.SelfAttention.o",
                    "1.layer_norm",
                    "1.DenseReluDense.wi_0",
                    "1.DenseReluDense.wi_1",
                    "1.DenseReluDense.wo");

    private T5Names() {}

    /// The token table, which files name in either of two ways.
    static String table(StateDict dict) {
        return dict.contains(TABLE) || !dict.contains(OTHER_TABLE) ? TABLE : OTHER_TABLE;
    }

    static List<String> all(StateDict dict, T5Shape shape) {
        List<String> names = new ArrayList<>(List.of(table(dict), NORM, POSITIONS));
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (String part : LAYER) {
                names.add("encoder.block." + layer + ".layer." + part + ".weight");
            }
        }
        return names;
    }
}
