package comfyserverless.diffusion.dit;

import comfyserverless.diffusion.adapter.LoraNames;
import comfyserverless.diffusion.model.Architecture;
import comfyserverless.diffusion.model.DenoisingNetwork;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Extra;
import comfyserverless.diffusion.sampling.LatentFormat;
import comfyserverless.diffusion.sampling.ModelSampling;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.PromptNumber;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// A transformer that reads texts token by token, pooled texts and, if it was distilled so, the guidance.
///
/// @param vectorWidth numbers of a pooled text
/// @param guided whether it is told the guidance
record TransformerArchitecture(
        ModelSampling sampling,
        LatentFormat latentFormat,
        int vectorWidth,
        boolean guided,
        Builder builder)
        implements Architecture {

    /// What Flux is told where a prompt says nothing of it.
    private static final double GUIDANCE = 3.5;

    /// Makes the network of its weights.
    @FunctionalInterface
    interface Builder {
        DenoisingNetwork build(Torch torch, Weights weights, Scope owner);
    }

    @Override
    public Map<Extra, HostTensor> extras(Conditioning prompt, NoiseModel.Frame frame) {
        HostTensor pooled = prompt.pooled();
        if (pooled == null || pooled.size(1) < vectorWidth) {
            throw new IllegalArgumentException(
                    "this model reads %d numbers of the pooled text, but the prompt has %s: it was encoded by the text"
                                    .formatted(vectorWidth, pooled == null ? 0 : pooled.size(1))
                            + " encoders of another model");
        }
        Map<Extra, HostTensor> extras = new EnumMap<>(Extra.class);
        extras.put(Extra.VECTOR, pooled);
        float[] ones = new float[Math.toIntExact(prompt.context().size(1))];
        Arrays.fill(ones, 1);
        extras.put(Extra.TOKENS, new HostTensor(ones, 1, ones.length));
        if (guided) {
            double guidance = prompt.number(PromptNumber.GUIDANCE, GUIDANCE);
            extras.put(Extra.GUIDANCE, new HostTensor(new float[] {(float) guidance}, 1));
        }
        return extras;
    }

    @Override
    public Map<String, String> adapterNames(StateDict weights) {
        return LoraNames.ofUnet(weights);
    }

    @Override
    public DenoisingNetwork build(Torch torch, Weights weights, Scope owner) {
        return builder.build(torch, weights, owner);
    }
}
