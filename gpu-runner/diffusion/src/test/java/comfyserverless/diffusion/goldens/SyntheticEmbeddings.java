package comfyserverless.diffusion.goldens;

import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/// The goldens' one textual inversion, `tiembed`, from its synthetic file, whatever width an encoder takes.
public final class SyntheticEmbeddings implements Embeddings {

    private static final Torch TORCH = TestTorch.cpu();

    @Override
    public Optional<float[][]> find(String name, String encoder, int width) {
        return name.equals("tiembed") || name.equals("tiembed.safetensors")
                ? Optional.of(TORCH.call(SyntheticEmbeddings::vectors))
                : Optional.empty();
    }

    private static float[][] vectors() {
        try {
            StateDict dict = StateDict.read(SyntheticModels.file("ti-embed"));
            try (Weights weights = Weights.open(TORCH, dict, DType.F32);
                    Scope _ = TORCH.scope()) {
                HostTensor rows = weights.get(dict.names().iterator().next()).toHost();
                int width = Math.toIntExact(rows.size(1));
                float[][] vectors = new float[Math.toIntExact(rows.size(0))][];
                Arrays.setAll(
                        vectors, i -> Arrays.copyOfRange(rows.data(), i * width, (i + 1) * width));
                return vectors;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
