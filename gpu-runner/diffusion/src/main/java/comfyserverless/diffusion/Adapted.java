package comfyserverless.diffusion;

import comfyserverless.diffusion.adapter.Adapters;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.adapter.LoraFile;
import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.clip.ClipEncoder;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.unet.UNet;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A checkpoint's network and text encoder with adapters laid on them. Each stays for the next run with the same
/// adapters; its own weights are given back when others take its place, or the checkpoint closes.
final class Adapted implements AutoCloseable {

    private final Torch torch;
    private final Weights network;
    private final Weights text;
    private final Variants<DiffusionModel> models;
    private final Variants<PromptEncoder> encoders;

    /// @param network the UNet's weights, kept
    /// @param text the text encoder's weights, kept
    Adapted(Torch torch, MemoryBudget budget, Weights network, Weights text) {
        this.torch = torch;
        this.network = network;
        this.text = text;
        this.models =
                new Variants<>(
                        torch,
                        loras -> {
                            Scope owner = torch.hold();
                            Weights changed =
                                    changed(
                                            network,
                                            LoraNames.ofUnet(network.dict()),
                                            loras,
                                            owner);
                            DiffusionModel model =
                                    new DiffusionModel(
                                            torch, new UNet(torch, changed, owner), budget);
                            return new Variants.Variant<>(model, owner, model::drop);
                        });
        this.encoders =
                new Variants<>(
                        torch,
                        loras -> {
                            Scope owner = torch.hold();
                            Weights changed =
                                    changed(text, LoraNames.ofText(text.dict()), loras, owner);
                            PromptEncoder encoder =
                                    new PromptEncoder(new ClipEncoder(torch, changed, owner));
                            return new Variants.Variant<>(encoder, owner, () -> {});
                        });
    }

    <T> T withModel(List<AppliedLora> loras, Function<DiffusionModel, T> work) {
        return models.use(loras, work);
    }

    <T> T withClip(List<AppliedLora> loras, Function<PromptEncoder, T> work) {
        return encoders.use(loras, work);
    }

    List<String> unusedKeys(Path lora, boolean withText) {
        Map<String, String> names = new HashMap<>(LoraNames.ofUnet(network.dict()));
        if (withText) {
            names.putAll(LoraNames.ofText(text.dict()));
        }
        return LoraFile.read(lora).unused(names);
    }

    private Weights changed(
            Weights held, Map<String, String> names, List<AppliedLora> loras, Scope owner) {
        try {
            Map<String, Tensor> others =
                    Adapters.apply(torch, loras, new Adapters.Target(held, names), owner);
            return held.replacing(owner, others);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /// Frees all, on the device's thread.
    @Override
    public void close() {
        models.close();
        encoders.close();
    }
}
