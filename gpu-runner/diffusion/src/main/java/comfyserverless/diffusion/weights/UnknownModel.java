package comfyserverless.diffusion.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Says why a file is no checkpoint that we know: what was looked for, and what it seems to be instead.
final class UnknownModel {

    private static final int SHOWN_NAMES = 3;

    private UnknownModel() {}

    static String describe(StateDict dict) {
        String wanted =
                Arrays.stream(ModelFamily.values())
                        .map(family ->
                                family.title() + ": " + String.join(" or ", family.keys()) + "*")
                        .collect(Collectors.joining("; "));
        return "no checkpoint of a known model. Looked for keys that begin with (%s). %s"
                .formatted(wanted, found(dict));
    }

    private static String found(StateDict dict) {
        if (dict.names().isEmpty()) {
            return "The file holds no tensors.";
        }
        String examples =
                dict.names().stream().limit(SHOWN_NAMES).collect(Collectors.joining(", "));
        return "The file holds %d tensors, such as %s: %s."
                .formatted(dict.names().size(), examples, guess(dict));
    }

    private static String guess(StateDict dict) {
        if (dict.names().stream().anyMatch(name -> name.contains("lora_"))) {
            return "a LoRA, which is applied to a checkpoint";
        }
        if (dict.containsUnder("control_model.") || dict.containsUnder("input_hint_block.")) {
            return "a ControlNet, which is used beside a checkpoint";
        }
        if (dict.containsUnder("decoder.") || dict.containsUnder("encoder.conv_in.")) {
            return "an autoencoder (VAE) without its model";
        }
        if (dict.containsUnder("text_model.")) {
            return "a text encoder without its model";
        }
        if (dict.containsUnder("down_blocks.")) {
            return "a UNet in the layout of the diffusers library";
        }
        return "of a kind that is not known here";
    }
}
