package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;

/// Linear multistep methods: each step goes along a weighted sum of this direction and the ones before
/// (k_diffusion's lms; ipndm, ipndm_v and deis after diff-sampler).
final class Multistep {

    /// How a method weighs directions.
    @FunctionalInterface
    interface Weights {

        /// Weights of the directions at step `i`, this one first; they hold the step's length.
        ///
        /// @param order how many directions count
        double[] at(SamplerRun run, int i, int order);
    }

    private Multistep() {}

    /// Linear multistep of an order.
    static Sampler lms(int order) {
        return (run, start) -> sample(run, start, order, Multistep::lagrange);
    }

    static HostTensor ipndm(SamplerRun run, HostTensor start) {
        return sample(run, start, 4, Multistep::adamsBashforth);
    }

    static HostTensor ipndmVariable(SamplerRun run, HostTensor start) {
        return sample(run, start, 4, Multistep::variableAdamsBashforth);
    }

    static HostTensor deis(SamplerRun run, HostTensor start) {
        return sample(run, start, 3, DeisWeights.of(run)::at);
    }

    private static HostTensor sample(
            SamplerRun run, HostTensor start, int maxOrder, Weights weights) {
        List<HostTensor> directions = new ArrayList<>();
        HostTensor x = start;
        for (int i = 0; i < run.steps(); i++) {
            HostTensor denoised = run.denoise(x, run.sigma(i));
            run.report(i, denoised);
            directions.addFirst(difference(x, denoised, run.sigma(i)));
            if (run.sigma(i + 1) == 0) {
                return denoised;
            }
            double[] w = weights.at(run, i, Math.min(maxOrder, i + 1));
            for (int j = 0; j < w.length; j++) {
                x = plus(x, w[j], directions.get(j));
            }
            if (directions.size() == maxOrder) {
                directions.removeLast();
            }
        }
        return x;
    }

    /// Integrals of the Lagrange polynomials through the last levels; exact, by Gauss's rule with two points.
    private static double[] lagrange(SamplerRun run, int i, int order) {
        double from = run.sigma(i);
        double to = run.sigma(i + 1);
        double centre = (from + to) / 2;
        double reach = (to - from) / 2 / Math.sqrt(3);
        double[] weights = new double[order];
        for (int j = 0; j < order; j++) {
            double sum = 0;
            for (double tau : new double[] {centre - reach, centre + reach}) {
                double product = 1;
                for (int k = 0; k < order; k++) {
                    if (k != j) {
                        product *=
                                (tau - run.sigma(i - k))
                                        / (run.sigma(i - j) - (double) run.sigma(i - k));
                    }
                }
                sum += product;
            }
            weights[j] = sum * (to - from) / 2;
        }
        return weights;
    }

    private static double[] adamsBashforth(SamplerRun run, int i, int order) {
        double h = (double) run.sigma(i + 1) - run.sigma(i);
        return switch (order) {
            case 1 -> new double[] {h};
            case 2 -> new double[] {h * 3 / 2, -h / 2};
            case 3 -> new double[] {h * 23 / 12, -h * 16 / 12, h * 5 / 12};
            default -> new double[] {h * 55 / 24, -h * 59 / 24, h * 37 / 24, -h * 9 / 24};
        };
    }

    /// Adams and Bashforth's weights for steps of different length.
    private static double[] variableAdamsBashforth(SamplerRun run, int i, int order) {
        double h = length(run, i);
        if (order == 1) {
            return new double[] {h};
        }
        double h1 = length(run, i - 1);
        double[] w = {1 + h / h1 / 2, -h / h1 / 2, 0, 0};
        if (order >= 3) {
            double h2 = length(run, i - 2);
            double a = (1 - h / (3 * (h + h1)) * (h * (h + h1)) / (h1 * (h1 + h2))) / 2;
            w[0] += a;
            w[1] -= (1 + h1 / h2) * a;
            w[2] += a * h1 / h2;
            if (order == 4) {
                addFourth(w, new double[] {h, h1, h2, length(run, i - 3)});
            }
        }
        double[] scaled = new double[order];
        for (int j = 0; j < order; j++) {
            scaled[j] = h * w[j];
        }
        return scaled;
    }

    private static void addFourth(double[] w, double[] steps) {
        double h = steps[0];
        double h1 = steps[1];
        double h2 = steps[2];
        double h3 = steps[3];
        double b =
                ((1 - h / (3 * (h + h1))) / 2 + (1 - h / (2 * (h + h1))) * h / (6 * (h + h1 + h2)))
                        * (h * (h + h1) * (h + h1 + h2))
                        / (h1 * (h1 + h2) * (h1 + h2 + h3));
        double ratio = h1 * (h1 + h2) / (h2 * (h2 + h3));
        w[0] += b;
        w[1] -= (1 + h1 / h2 + ratio) * b;
        w[2] += (h1 / h2 + ratio * (1 + h2 / h3)) * b;
        w[3] -= b * ratio * h1 / h2;
    }

    private static double length(SamplerRun run, int i) {
        return (double) run.sigma(i + 1) - run.sigma(i);
    }
}
