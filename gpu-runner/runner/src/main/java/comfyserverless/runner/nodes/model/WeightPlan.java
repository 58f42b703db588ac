package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.adapter.Merge;
import comfyserverless.diffusion.adapter.MergeRatios;
import comfyserverless.diffusion.adapter.WeightChange;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A change of a model's weights, as nodes hand it on: what it needs is loaded when the model is used.
sealed interface WeightPlan {
    /// An adapter laid on.
    record Lora(AppliedLora lora) implements WeightPlan {}

    /// Another model's weights mixed in.
    record Merged(Source other, MergeRatios ratios) implements WeightPlan {}

    /// A model whose weights can be mixed into another's.
    interface Source {
        /// Runs something with the weights of each of its parts.
        <T> T useWeights(Function<List<Weights>, T> work);
    }

    /// Runs something while all that the plans need stays loaded.
    static <T> T ready(List<WeightPlan> plans, Function<List<WeightChange>, T> work) {
        return ready(plans, List.of(), work);
    }

    private static <T> T ready(
            List<WeightPlan> left, List<WeightChange> done, Function<List<WeightChange>, T> work) {
        if (left.isEmpty()) {
            return work.apply(done);
        }
        List<WeightPlan> rest = left.subList(1, left.size());
        return switch (left.getFirst()) {
            case Lora one -> ready(rest, and(done, one.lora()), work);
            case Merged merged ->
                    merged.other()
                            .useWeights(weights ->
                                    ready(
                                            rest,
                                            and(done, new Merge(weights, merged.ratios())),
                                            work));
        };
    }

    private static List<WeightChange> and(List<WeightChange> done, WeightChange one) {
        List<WeightChange> all = new ArrayList<>(done);
        all.add(one);
        return all;
    }
}
