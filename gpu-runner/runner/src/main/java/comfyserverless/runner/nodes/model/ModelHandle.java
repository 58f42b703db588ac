package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.TextEncoder;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.sampling.ModelPatch;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.sampling.PatchedModel;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoder;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.weights.Weights;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/// What MODEL, CLIP and VAE sockets carry.
public sealed interface ModelHandle {
    /// A diffusion network.
    ///
    /// @param weights what changes its weights, in their order
    /// @param patches what else is laid on it, in their order
    record Network(
            ModelRef<comfyserverless.diffusion.Network> network,
            List<WeightPlan> weights,
            List<ModelPatch> patches)
            implements ModelHandle, WeightPlan.Source {
        public Network {
            weights = List.copyOf(weights);
            patches = List.copyOf(patches);
        }

        /// A network as its file has it.
        static Network plain(ModelRef<comfyserverless.diffusion.Network> network) {
            return new Network(network, List.of(), List.of());
        }

        public Value.Handle value() {
            return new Value.Handle("MODEL", this);
        }

        Network with(AppliedLora lora) {
            return with(new WeightPlan.Lora(lora));
        }

        /// The same with one change more.
        public Network with(ModelPatch patch) {
            return new Network(network, weights, and(patches, patch));
        }

        /// The same with one change of its weights more.
        Network with(WeightPlan change) {
            return new Network(network, and(weights, change), patches);
        }

        /// Runs something with it.
        public <T> T use(Function<NoiseModel, T> work) {
            return WeightPlan.ready(
                    weights,
                    changes ->
                            network.use(loaded ->
                                    loaded.use(changes, model -> work.apply(patched(model)))));
        }

        /// Runs something with its weights.
        @Override
        public <T> T useWeights(Function<List<Weights>, T> work) {
            return WeightPlan.ready(
                    weights, changes -> network.use(loaded -> loaded.useWeights(changes, work)));
        }

        private NoiseModel patched(NoiseModel model) {
            return patches.isEmpty() ? model : new PatchedModel(model, patches);
        }
    }

    /// A text encoder.
    ///
    /// @param layer which layer's output is taken, counted from the end (-1: the last); empty for the one that
    ///     the model was trained on
    /// @param weights what changes its weights, in their order
    record Encoder(ModelRef<TextEncoder> encoder, OptionalInt layer, List<WeightPlan> weights)
            implements ModelHandle, WeightPlan.Source {
        public Encoder {
            weights = List.copyOf(weights);
        }

        /// An encoder as its file has it.
        static Encoder plain(ModelRef<TextEncoder> encoder) {
            return new Encoder(encoder, OptionalInt.empty(), List.of());
        }

        public Value.Handle value() {
            return new Value.Handle("CLIP", this);
        }

        Encoder with(AppliedLora lora) {
            return with(new WeightPlan.Lora(lora));
        }

        /// The same with one change of its weights more.
        Encoder with(WeightPlan change) {
            return new Encoder(encoder, layer, and(weights, change));
        }

        /// Runs something with it.
        public <T> T use(Function<PromptEncoder, T> work) {
            return WeightPlan.ready(
                    weights, changes -> encoder.use(loaded -> loaded.use(changes, work)));
        }

        @Override
        public <T> T useWeights(Function<List<Weights>, T> work) {
            return WeightPlan.ready(
                    weights, changes -> encoder.use(loaded -> loaded.useWeights(changes, work)));
        }

        /// Encodes a prompt at the layer that is set, with the textual inversions of the tenant's folder.
        public PromptEncoding encode(Prompt prompt, NodeContext context) {
            return WeightPlan.ready(
                    weights,
                    changes ->
                            encoder.use(loaded ->
                                    loaded.use(
                                            changes,
                                            clip ->
                                                    clip.encode(
                                                            prompt,
                                                            layer,
                                                            loaded.embeddings(name ->
                                                                    EmbeddingFolder.find(
                                                                            name,
                                                                            context.files()))))));
        }
    }

    /// An autoencoder.
    record Autoencoder(ModelRef<? extends comfyserverless.diffusion.vae.Autoencoder> vae)
            implements ModelHandle {
        Value.Handle value() {
            return new Value.Handle("VAE", this);
        }

        /// Runs something with it.
        public <T> T use(Function<comfyserverless.diffusion.vae.Autoencoder, T> work) {
            return vae.use(work::apply);
        }
    }

    private static <E> List<E> and(List<E> some, E one) {
        List<E> all = new ArrayList<>(some);
        all.add(one);
        return all;
    }
}
