package comfyserverless.runner.nodes.conditioning;

import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.nodes.model.ModelHandle;
import java.util.Set;
import java.util.TreeSet;

/// Tells text encoders of another family than a node speaks to.
final class EncoderNames {
    private EncoderNames() {}

    /// Refuses text encoders among which there is none of this short name.
    static void require(ModelHandle.Encoder clip, String name, String family) {
        Set<String> names = clip.use(encoder -> encoder.names());
        if (!names.contains(name)) {
            throw new NodeException(
                    "KeyError",
                    "the text encoders of %s are needed, with one named %s, but these are %s"
                            .formatted(family, name, String.join(", ", new TreeSet<>(names))));
        }
    }
}
