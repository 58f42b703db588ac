package comfyserverless.diffusion;

import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.weights.MemoryBudget;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The goldens' reduced models of Stable Diffusion 2 and XL, each loaded once, and the prompts that they were sampled
/// with.
enum ReducedModel {
    SD21_BASE("sd21base-unet", "in/ctx21", 1024, null),
    SD21_VELOCITY("sd21v", "in/ctx21", 1024, null),
    SDXL("sdxl", "in/ctxxl", 2048, "in/pooled1280"),
    REFINER("sdxl-refiner-unet", "in/ctxref", 1280, "in/pooled1280");

    private static final float ROOT_3 = (float) Math.sqrt(3);
    private static final Map<String, Checkpoint> LOADED = new HashMap<>();

    private final String model;
    private final String context;
    private final int width;
    private final @Nullable String pooled;

    ReducedModel(String model, String context, int width, @Nullable String pooled) {
        this.model = model;
        this.context = context;
        this.width = width;
        this.pooled = pooled;
    }

    Path file() {
        return SyntheticModels.file(model);
    }

    synchronized Checkpoint checkpoint() {
        return LOADED.computeIfAbsent(
                model,
                _ ->
                        new Checkpoints(
                                        TestTorch.cpu(),
                                        new MemoryBudget(Path.of("/")),
                                        ClipPrecision.FP16)
                                .load(file(), ProgressListener.SILENT));
    }

    /// The positive or the negative prompt.
    Conditioning prompt(boolean negative) {
        String end = negative ? "neg" : "";
        return Conditioning.of(
                SyntheticTensors.tensor(context + end, ROOT_3, 0, 1, 77, width),
                pooled == null ? null : pooled(pooled + end));
    }

    private static HostTensor pooled(String name) {
        return SyntheticTensors.tensor(name, ROOT_3, 0, 1, 1280);
    }

    /// Its prompt with the sizes that most runs of Stable Diffusion XL were recorded with.
    Conditioning sized(boolean negative) {
        return prompt(negative)
                .with(PromptNumber.WIDTH, 1024)
                .with(PromptNumber.HEIGHT, 768)
                .with(PromptNumber.CROP_WIDTH, 16)
                .with(PromptNumber.CROP_HEIGHT, 8)
                .with(PromptNumber.TARGET_WIDTH, 896)
                .with(PromptNumber.TARGET_HEIGHT, 640);
    }
}
