package comfyserverless.diffusion.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an adapter file says about one weight: names in that file, not yet read.
///
/// @param module the name before the suffixes, for messages
/// @param tensors as the kind wants them; empty text for one that is not there
/// @param alpha the scale's name
/// @param dora the name of the magnitudes of a decomposed adapter
record WeightPatch(
        Kind kind,
        String module,
        List<String> tensors,
        @Nullable String alpha,
        @Nullable String dora) {

    /// The kinds, named as their functions in `adapters.py`.
    enum Kind {
        /// up, down, mid
        LORA("lora"),
        /// w1_a, w1_b, w2_a, w2_b, t1, t2
        LOHA("loha"),
        /// w1, w1_a, w1_b, w2, w2_a, w2_b, t2
        LOKR("lokr"),
        /// a1, a2, b1, b2
        GLORA("glora"),
        /// blocks
        OFT("oft"),
        /// blocks, rescale
        BOFT("boft"),
        /// what is added
        DIFFERENCE("difference"),
        /// what stands in the weight's place, whatever the strength
        REPLACEMENT("replacement");

        private final String function;

        Kind(String function) {
            this.function = function;
        }

        String function() {
            return function;
        }
    }

    WeightPatch {
        tensors = List.copyOf(tensors);
    }
}
