package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.times;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stochastic Adams solver: a predictor and a corrector (arXiv 2309.05019).
///
/// @param orders of the two
/// @param noise where on the way, and how much
/// @param reevaluate whether the corrected state is evaluated again (predict, evaluate, correct, evaluate)
public record SaSolver(Orders orders, Noise noise, boolean reevaluate) implements Sampler {

    /// How many results each looks at.
    ///
    /// @param corrector 0 for none
    /// @param simple whether two results are weighed by the paper's simplified formulas
    public record Orders(int predictor, int corrector, boolean simple) {
        static final Orders DEFAULT = new Orders(3, 4, false);
    }

    /// Noise between two levels.
    ///
    /// @param start share of the way at which it begins
    /// @param end share of the way at which it ends
    /// @param eta its amount; 0 for none
    /// @param strength factor of what is drawn
    public record Noise(double start, double end, double eta, double strength) {
        static final Noise DEFAULT = new Noise(0.2, 0.8, 1, 1);

        private double at(ModelSampling model, double sigma) {
            boolean inside =
                    sigma <= model.percentToSigma(start) && sigma >= model.percentToSigma(end);
            return eta > 0 && inside ? eta : 0;
        }
    }

    @Override
    public HostTensor sample(SamplerRun full, HostTensor start) {
        NoiseSource source = full.freshNoise(start);
        SamplerRun run = full.withFiniteSnr();
        Adams adams = new Adams(Snr.of(run), run, orders.simple());
        boolean endsAtZero = run.sigma(run.steps()) == 0;
        List<HostTensor> results = new ArrayList<>();
        HostTensor x = start;
        HostTensor predicted = start;
        double tau = 0;
        @Nullable HostTensor added = null;
        for (int i = 0; i < run.steps(); i++) {
            HostTensor denoised = run.denoise(predicted, run.sigma(i));
            run.report(i, denoised);
            results.add(denoised);
            if (results.size() > Math.max(orders.predictor(), orders.corrector())) {
                results.removeFirst();
            }
            int corrector = correctorOrder(run, i, results.size(), endsAtZero);
            if (corrector == 0) {
                x = predicted;
            } else {
                x = adams.step(x, results, new Adams.Move(i - 1, i, i, corrector, tau));
                x = added == null ? x : plus(x, 1, added);
                if (reevaluate) {
                    denoised = run.denoise(x, run.sigma(i));
                    results.set(results.size() - 1, denoised);
                }
            }
            if (run.sigma(i + 1) == 0) {
                x = denoised;
            } else {
                tau = noise.at(run.model(), run.sigma(i + 1));
                int predictor = Math.min(orders.predictor(), results.size());
                predictor = endsAtZero ? Math.min(predictor, run.steps() - 1 - i) : predictor;
                predicted = adams.step(x, results, new Adams.Move(i, i + 1, i, predictor, tau));
                added =
                        tau > 0 && noise.strength() > 0
                                ? times(
                                        adams.spread(i, tau) * noise.strength(),
                                        source.between(run.sigma(i), run.sigma(i + 1)))
                                : null;
                predicted = added == null ? predicted : plus(predicted, 1, added);
            }
        }
        return x;
    }

    private int correctorOrder(SamplerRun run, int i, int known, boolean endsAtZero) {
        if (i == 0 || (run.sigma(i + 1) == 0 && !reevaluate)) {
            return 0;
        }
        int order = Math.min(orders.corrector(), known);
        return endsAtZero ? Math.min(order, run.steps() - i) : order;
    }

    /// The exponential Adams formulas.
    private record Adams(Snr snr, SamplerRun run, boolean simple) {

        /// From level `from` to level `to` through the results at the `order` levels up to `last`.
        record Move(int from, int to, int last, int order, double tau) {}

        HostTensor step(HostTensor x, List<HostTensor> results, Move move) {
            double[] weights = weights(move);
            double h = lambda(move.to()) - lambda(move.from());
            double kept =
                    run.sigma(move.to())
                            / (double) run.sigma(move.from())
                            * Math.exp(-move.tau() * move.tau() * h);
            HostTensor out = times(kept, x);
            for (int k = 0; k < move.order(); k++) {
                out = plus(out, weights[k], results.get(results.size() - move.order() + k));
            }
            return out;
        }

        /// Deviation of the noise that a step of the predictor adds.
        double spread(int i, double tau) {
            double h = lambda(i + 1) - lambda(i);
            return run.sigma(i + 1) * Math.sqrt(-Math.expm1(-2 * tau * tau * h));
        }

        private double lambda(int i) {
            return snr.lambda(run.sigma(i));
        }

        /// Weights of the results, the oldest first: integrals of Lagrange polynomials against an exponential, found
        /// from the integrals of powers.
        private double[] weights(Move move) {
            int n = move.order();
            if (simple && n == 2) {
                return simplified(move);
            }
            double[][] powers = new double[n][n];
            for (int k = 0; k < n; k++) {
                double at = lambda(move.last() - n + 1 + k);
                for (int p = 0; p < n; p++) {
                    powers[p][k] = Math.pow(at, p);
                }
            }
            double[] weights = LinearSystem.solve(powers, integrals(move));
            double alpha = snr.alpha(run.sigma(move.to()));
            for (int k = 0; k < n; k++) {
                weights[k] *= alpha;
            }
            return weights;
        }

        /// The paper's formulas for two results: a corrector ends at the last of them, a predictor begins there.
        private double[] simplified(Move move) {
            double m = 1 + move.tau() * move.tau();
            double h = lambda(move.to()) - lambda(move.from());
            double alpha = snr.alpha(run.sigma(move.to()));
            double all = alpha * -Math.expm1(-h * m);
            if (move.last() == move.to()) {
                double newer = alpha * 0.5 * m * h;
                return new double[] {all - newer, newer};
            }
            double older =
                    alpha * 0.5 * m * h * h / (lambda(move.last() - 1) - lambda(move.from()));
            return new double[] {older, all - older};
        }

        /// m · ∫ e^(m (x − t)) x^p dx from s to t for p = 0 … order − 1 with m = 1 + tau², by parts.
        private double[] integrals(Move move) {
            double s = lambda(move.from());
            double t = lambda(move.to());
            double m = 1 + move.tau() * move.tau();
            double decay = Math.exp(-m * (t - s));
            double[] integrals = new double[move.order()];
            for (int p = 0; p < integrals.length; p++) {
                double ends = Math.pow(t, p) - Math.pow(s, p) * decay;
                integrals[p] = p == 0 ? ends : ends - p / m * integrals[p - 1];
            }
            return integrals;
        }
    }
}
