package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;
import static comfyserverless.diffusion.sampling.Latents.times;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// UniPC: a predictor whose next evaluation also corrects the last step (arXiv 2302.04867), of third order, on the
/// variance-preserving scale.
///
/// @param exponential which of the two B(h): e^h − 1 (bh2) or h (bh1)
record UniPc(boolean exponential) implements Sampler {

    private static final double NEARLY_ZERO = 0.001f;

    @Override
    public HostTensor sample(SamplerRun run, HostTensor start) {
        return new Path(run).sample(times(1 / Math.sqrt(1 + square(run.sigma(0))), start));
    }

    private static double square(double value) {
        return value * value;
    }

    /// What is known at a level: the level and the denoised latent there.
    private record Known(double sigma, HostTensor denoised) {

        double lambda() {
            return -Math.log(sigma);
        }
    }

    /// The result of a step: the state, and the evaluation that corrected it, if one did.
    private record Update(HostTensor x, @Nullable HostTensor evaluated) {}

    /// One way through a run's levels.
    private final class Path {
        private final SamplerRun run;
        private final List<Known> known = new ArrayList<>();

        Path(SamplerRun run) {
            this.run = run;
        }

        HostTensor sample(HostTensor start) {
            int steps = run.steps();
            int order = Math.min(3, steps - 1);
            HostTensor x = start;
            known.add(new Known(level(0), evaluate(x, level(0))));
            run.report(0, known.getLast().denoised());
            for (int i = 1; i < steps; i++) {
                x = advance(x, i, i < order ? i : Math.min(order, steps + 1 - i), true, order);
                if (i == steps - 1) {
                    x = advance(x, steps, Math.min(order, 1), false, order);
                }
                run.report(i, known.getLast().denoised());
            }
            double still =
                    run.model().prediction().resultFactor(level(steps)); // noise that is left
            return times(still * Math.sqrt(1 + square(level(steps))), x);
        }

        private double level(int i) {
            double sigma = run.sigma(i);
            return sigma == 0 ? NEARLY_ZERO : sigma;
        }

        private HostTensor advance(HostTensor x, int i, int order, boolean correct, int most) {
            Update update = update(x, level(i), order, correct);
            HostTensor evaluated = update.evaluated();
            if (evaluated != null) {
                known.add(new Known(level(i), evaluated));
                if (known.size() > most) {
                    known.removeFirst();
                }
            }
            return update.x();
        }

        /// The denoised latent for a state on the variance-preserving scale.
        private HostTensor evaluate(HostTensor x, double sigma) {
            return run.denoise(times(Math.sqrt(1 + square(sigma)), x), sigma);
        }

        private Update update(HostTensor x, double sigma, int order, boolean correct) {
            Known last = known.getLast();
            double h = Math.log(last.sigma()) - Math.log(sigma);
            Coefficients c = Coefficients.of(-h, exponential, ratios(order, h));
            List<HostTensor> slopes = slopes(order, h);
            double alpha = 1 / Math.sqrt(1 + square(sigma));
            double deviation = sigma * alpha;
            double lastDeviation = last.sigma() / Math.sqrt(1 + square(last.sigma()));
            HostTensor base =
                    sum(deviation / lastDeviation, x, -alpha * Math.expm1(-h), last.denoised());
            double scale = -alpha * c.b();
            HostTensor predicted = addSlopes(base, slopes, c.predictor(), scale);
            if (!correct) {
                return new Update(predicted, null);
            }
            HostTensor evaluated = evaluate(predicted, sigma);
            double[] corrector = c.corrector();
            HostTensor corrected = addSlopes(base, slopes, corrector, scale);
            double weight = scale * corrector[corrector.length - 1];
            return new Update(
                    sum(1, corrected, weight, evaluated, -weight, last.denoised()), evaluated);
        }

        /// How far back the known levels lie, in steps of `h`; 1 for the level that is being reached.
        private double[] ratios(int order, double h) {
            double[] ratios = new double[order];
            for (int k = 1; k < order; k++) {
                ratios[k - 1] =
                        (known.get(known.size() - 1 - k).lambda() - known.getLast().lambda()) / h;
            }
            ratios[order - 1] = 1;
            return ratios;
        }

        private List<HostTensor> slopes(int order, double h) {
            double[] ratios = ratios(order, h);
            List<HostTensor> slopes = new ArrayList<>();
            for (int k = 1; k < order; k++) {
                HostTensor earlier = known.get(known.size() - 1 - k).denoised();
                slopes.add(difference(earlier, known.getLast().denoised(), ratios[k - 1]));
            }
            return slopes;
        }

        private static HostTensor addSlopes(
                HostTensor base, List<HostTensor> slopes, double[] weights, double scale) {
            HostTensor out = base;
            for (int k = 0; k < slopes.size(); k++) {
                out = plus(out, scale * weights[k], slopes.get(k));
            }
            return out;
        }
    }

    /// The weights of slopes for a step of log length −`hh`.
    ///
    /// @param b the B(h) of the method
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Coefficients(double b, double[][] powers, double[] right) {

        static Coefficients of(double hh, boolean exponential, double[] ratios) {
            int n = ratios.length;
            double b = exponential ? Math.expm1(hh) : hh;
            double[][] powers = new double[n][n];
            double[] right = new double[n];
            double phi = Math.expm1(hh) / hh - 1;
            double factorial = 1;
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < n; k++) {
                    powers[i][k] = Math.pow(ratios[k], i);
                }
                right[i] = phi * factorial / b;
                factorial *= i + 2;
                phi = phi / hh - 1 / factorial;
            }
            return new Coefficients(b, powers, right);
        }

        double[] predictor() {
            int n = right.length - 1;
            return n == 1 ? new double[] {0.5} : solve(n);
        }

        double[] corrector() {
            return right.length == 1 ? new double[] {0.5} : solve(right.length);
        }

        private double[] solve(int n) {
            double[][] matrix = new double[n][];
            for (int row = 0; row < n; row++) {
                matrix[row] = Arrays.copyOf(powers[row], n);
            }
            return LinearSystem.solve(matrix, Arrays.copyOf(right, n));
        }
    }
}
