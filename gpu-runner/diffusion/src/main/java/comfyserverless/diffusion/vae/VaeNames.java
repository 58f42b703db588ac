package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.List;

/// The names of an autoencoder's weights in the order in which `vae.py` uses them.
final class VaeNames {

    private final StateDict dict;
    private final List<String> names = new ArrayList<>();

    private VaeNames(StateDict dict) {
        this.dict = dict;
    }

    static List<String> decoder(StateDict dict, VaeShape shape) {
        VaeNames names = new VaeNames(dict);
        if (dict.contains("post_quant_conv.weight")) {
            names.add("post_quant_conv");
        }
        names.add("decoder.conv_in");
        names.middle("decoder.mid.");
        for (int i = 0; i < shape.decoderBlocks().size(); i++) {
            int level = shape.decoderBlocks().size() - 1 - i;
            names.residuals("decoder.up." + level + ".block.", shape.decoderBlocks().get(i));
            if (level > 0) {
                names.add("decoder.up." + level + ".upsample.conv");
            }
        }
        names.add("decoder.norm_out");
        names.add("decoder.conv_out");
        return names.names;
    }

    static List<String> encoder(StateDict dict, VaeShape shape) {
        VaeNames names = new VaeNames(dict);
        names.add("encoder.conv_in");
        for (int level = 0; level < shape.encoderBlocks().size(); level++) {
            names.residuals("encoder.down." + level + ".block.", shape.encoderBlocks().get(level));
            if (level < shape.encoderBlocks().size() - 1) {
                names.add("encoder.down." + level + ".downsample.conv");
            }
        }
        names.middle("encoder.mid.");
        names.add("encoder.norm_out");
        names.add("encoder.conv_out");
        if (dict.contains("quant_conv.weight")) {
            names.add("quant_conv");
        }
        return names.names;
    }

    private void middle(String start) {
        residual(start + "block_1");
        for (String part : List.of("norm", "q", "k", "v", "proj_out")) {
            add(start + "attn_1." + part);
        }
        residual(start + "block_2");
    }

    private void residuals(String start, int count) {
        for (int i = 0; i < count; i++) {
            residual(start + i);
        }
    }

    private void residual(String module) {
        for (String part : List.of("norm1", "conv1", "norm2", "conv2")) {
            add(module + "." + part);
        }
        if (dict.contains(module + ".nin_shortcut.weight")) {
            add(module + ".nin_shortcut");
        }
    }

    private void add(String module) {
        names.add(module + ".weight");
        names.add(module + ".bias");
    }
}
