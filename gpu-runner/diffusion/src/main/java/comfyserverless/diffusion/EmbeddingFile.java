package comfyserverless.diffusion;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A textual inversion in a file of its own (`load_embed`, ComfyUI 0.3.64): vectors that stand for a word, for one text
/// encoder or for several, told apart by the encoders' names.
final class EmbeddingFile {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingFile.class);

    /// What names of embeddings begin with that came in a LoRA's file, and what they end with for any encoder.
    private static final String BUNDLED = "bundle_emb.";

    private static final String FOR_ANY = ".string_to_param.*";

    private EmbeddingFile() {}

    /// The vectors for a text encoder.
    ///
    /// @param encoder as such files name it: `clip_l`, `clip_g`
    /// @return empty, and logged, when the file cannot be read
    static Optional<float[][]> vectors(Torch torch, Path file, String encoder) {
        try {
            StateDict dict = StateDict.read(file);
            List<String> names = names(dict, encoder);
            if (names.isEmpty()) {
                LOG.warn("the embedding {} holds no tensors", file.getFileName());
                return Optional.empty();
            }
            return Optional.of(torch.call(() -> read(torch, dict, names)));
        } catch (IOException | ModelFileException | TorchException e) {
            LOG.warn("the embedding {} cannot be read: {}", file.getFileName(), e.getMessage());
            return Optional.empty();
        }
    }

    private static List<String> names(StateDict dict, String encoder) {
        if (dict.contains(encoder)) {
            return List.of(encoder);
        }
        for (String end : List.of(FOR_ANY, "." + encoder)) {
            List<String> bundled =
                    dict.names().stream()
                            .filter(name -> name.startsWith(BUNDLED) && name.endsWith(end))
                            .toList();
            if (!bundled.isEmpty()) {
                return bundled;
            }
        }
        return dict.names().stream().limit(1).toList();
    }

    private static float[][] read(Torch torch, StateDict dict, List<String> names) {
        List<float[]> vectors = new ArrayList<>();
        try (Weights weights = Weights.open(torch, dict, DType.F32);
                Scope _ = torch.scope()) {
            for (String name : names) {
                HostTensor rows = weights.get(name).toHost();
                int width = Math.toIntExact(rows.size(rows.shape().length - 1));
                for (int at = 0; at < rows.data().length; at += width) {
                    vectors.add(Arrays.copyOfRange(rows.data(), at, at + width));
                }
            }
        }
        return vectors.toArray(float[][]::new);
    }
}
