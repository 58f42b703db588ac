package comfyserverless.diffusion.sampling;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How prompts lead a run: which there are, and how what the network sees with each becomes one result (guiders of
/// samplers.py and nodes_custom_sampler.py, ComfyUI 0.3.64).
public sealed interface Guider {

    /// The prompts, by what they are to the run.
    Map<Side, List<Conditioning>> prompts();

    /// The same with each prompt changed in the same way.
    Guider each(UnaryOperator<Conditioning> change);

    /// Away from the negative prompts; at a scale of 1 they do not run.
    ///
    /// @param scale how far
    record ClassifierFree(List<Conditioning> positive, List<Conditioning> negative, double scale)
            implements Guider {
        public ClassifierFree {
            positive = List.copyOf(positive);
            negative = List.copyOf(negative);
        }

        @Override
        public Map<Side, List<Conditioning>> prompts() {
            return Map.of(Side.POSITIVE, positive, Side.NEGATIVE, negative);
        }

        @Override
        public Guider each(UnaryOperator<Conditioning> change) {
            return new ClassifierFree(changed(positive, change), changed(negative, change), scale);
        }
    }

    /// The prompts alone, for networks that guide themselves.
    record Unguided(List<Conditioning> positive) implements Guider {
        public Unguided {
            positive = List.copyOf(positive);
        }

        @Override
        public Map<Side, List<Conditioning>> prompts() {
            return Map.of(Side.POSITIVE, positive);
        }

        @Override
        public Guider each(UnaryOperator<Conditioning> change) {
            return new Unguided(changed(positive, change));
        }
    }

    /// Two prompts with a scale each.
    ///
    /// @param nested whether the first is led away from the second before both are led away from the negative ones;
    ///     else the two ways are added up
    record Dual(
            List<Conditioning> first,
            List<Conditioning> second,
            List<Conditioning> negative,
            double firstScale,
            double secondScale,
            boolean nested)
            implements Guider {
        public Dual {
            first = List.copyOf(first);
            second = List.copyOf(second);
            negative = List.copyOf(negative);
        }

        @Override
        public Map<Side, List<Conditioning>> prompts() {
            return three(first, second, negative);
        }

        @Override
        public Guider each(UnaryOperator<Conditioning> change) {
            return new Dual(
                    changed(first, change),
                    changed(second, change),
                    changed(negative, change),
                    firstScale,
                    secondScale,
                    nested);
        }
    }

    /// Away from what in the negative prompts is not in the positive ones (Perp-Neg, arXiv 2304.04968).
    ///
    /// @param empty prompts that say nothing: where both ways begin
    record Perpendicular(
            List<Conditioning> positive,
            List<Conditioning> negative,
            List<Conditioning> empty,
            double scale,
            double negativeScale)
            implements Guider {
        public Perpendicular {
            positive = List.copyOf(positive);
            negative = List.copyOf(negative);
            empty = List.copyOf(empty);
        }

        @Override
        public Map<Side, List<Conditioning>> prompts() {
            return three(positive, empty, negative);
        }

        @Override
        public Guider each(UnaryOperator<Conditioning> change) {
            return new Perpendicular(
                    changed(positive, change),
                    changed(negative, change),
                    changed(empty, change),
                    scale,
                    negativeScale);
        }
    }

    private static List<Conditioning> changed(
            List<Conditioning> prompts, UnaryOperator<Conditioning> change) {
        return prompts.stream().map(change).toList();
    }

    private static Map<Side, List<Conditioning>> three(
            List<Conditioning> positive, List<Conditioning> second, List<Conditioning> negative) {
        Map<Side, List<Conditioning>> all = new EnumMap<>(Side.class);
        all.put(Side.POSITIVE, positive);
        all.put(Side.SECOND, second);
        all.put(Side.NEGATIVE, negative);
        return all;
    }
}
