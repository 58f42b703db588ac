package comfyserverless.diffusion.adapter;

import java.util.Map;

/// How much of two models' weights goes into a merged one, by the beginnings of the weights' names.
///
/// @param otherwise where no beginning fits
/// @param byBeginning the longest that fits counts
public record MergeRatios(Mix otherwise, Map<String, Mix> byBeginning) {

    /// What a weight and the other model's weight are multiplied with before they are added.
    public record Mix(double own, double other) {

        /// So much of the own weight, the rest of the other.
        public static Mix share(double own) {
            return new Mix(own, 1 - own);
        }
    }

    public MergeRatios {
        byBeginning = Map.copyOf(byBeginning);
    }

    /// The same for all weights.
    public static MergeRatios all(Mix mix) {
        return new MergeRatios(mix, Map.of());
    }

    Mix of(String weight) {
        String longest = "";
        Mix mix = otherwise;
        for (Map.Entry<String, Mix> one : byBeginning.entrySet()) {
            if (weight.startsWith(one.getKey()) && one.getKey().length() > longest.length()) {
                longest = one.getKey();
                mix = one.getValue();
            }
        }
        return mix;
    }
}
