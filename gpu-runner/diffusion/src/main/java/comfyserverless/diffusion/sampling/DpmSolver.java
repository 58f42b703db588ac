package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;

/// DPM-Solver of first to third order (arXiv 2206.00927), with a fixed number of evaluations or with steps chosen by
/// the error. Time is −log sigma.
final class DpmSolver {

    private static final double THIRD = 1.0 / 3;
    private static final double RELATIVE = 0.05;
    private static final double ABSOLUTE = 0.0078;
    private static final double FIRST_STEP = 0.05;
    private static final double ARRIVED = 1e-5;

    private final SamplerRun run;

    private DpmSolver(SamplerRun run) {
        this.run = run;
    }

    /// As many evaluations as the run has steps, most in steps of third order. Between the run's first level and its
    /// last above 0 it picks its own.
    static HostTensor fast(SamplerRun run, HostTensor start) {
        DpmSolver solver = new DpmSolver(run);
        int evaluations = run.steps();
        int count = evaluations / 3 + 1;
        List<Integer> orders = new ArrayList<>();
        for (int i = 0; i < count - (evaluations % 3 == 0 ? 2 : 1); i++) {
            orders.add(3);
        }
        if (evaluations % 3 == 0) {
            orders.add(2);
            orders.add(1);
        } else {
            orders.add(evaluations % 3);
        }
        float[] times = Schedules.linspace((float) solver.begin(), (float) solver.end(), count + 1);
        HostTensor x = start;
        for (int i = 0; i < orders.size(); i++) {
            Stage stage = solver.stage(x, times[i], times[i + 1]);
            run.report(i, stage.denoised());
            x =
                    switch (orders.get(i)) {
                        case 1 -> stage.first();
                        case 2 -> stage.second(stage.slope(0.5), 0.5);
                        default -> stage.third(stage.slope(THIRD));
                    };
        }
        return x;
    }

    /// Steps as long as the difference between second and third order allows.
    static HostTensor adaptive(SamplerRun run, HostTensor start) {
        DpmSolver solver = new DpmSolver(run);
        StepSize size = new StepSize(FIRST_STEP);
        HostTensor x = start;
        HostTensor previous = start;
        double s = solver.begin();
        double end = solver.end();
        for (int i = 0; s < end - ARRIVED; i++) {
            double t = Math.min(end, s + size.h());
            Stage stage = solver.stage(x, s, t);
            HostTensor slope = stage.slope(THIRD);
            HostTensor low = stage.second(slope, THIRD);
            HostTensor high = stage.third(slope);
            if (size.accepts(error(low, high, previous))) {
                previous = low;
                x = high;
                s = t;
            }
            run.report(i, stage.denoised());
        }
        return x;
    }

    /// Root mean square of the difference over what is allowed at each position.
    private static double error(HostTensor low, HostTensor high, HostTensor previous) {
        double sum = 0;
        for (int i = 0; i < low.data().length; i++) {
            double size = Math.max(Math.abs(low.data()[i]), Math.abs(previous.data()[i]));
            double ratio = (low.data()[i] - high.data()[i]) / Math.max(ABSOLUTE, RELATIVE * size);
            sum += ratio * ratio;
        }
        return Math.sqrt(sum / low.data().length);
    }

    private double begin() {
        return -Math.log(run.sigma(0));
    }

    private double end() {
        float last = run.sigma(run.steps());
        return -Math.log(last == 0 ? run.sigma(run.steps() - 1) : last);
    }

    private Stage stage(HostTensor x, double t, double tNext) {
        return new Stage(x, t, tNext, epsilon(x, t));
    }

    private HostTensor epsilon(HostTensor x, double t) {
        double sigma = Math.exp(-t);
        return difference(x, run.denoise(x, sigma), sigma);
    }

    /// A step from one time to the next with its noise estimate at the beginning.
    private final class Stage {
        private final HostTensor x;
        private final double t;
        private final double tNext;
        private final HostTensor epsilon;

        Stage(HostTensor x, double t, double tNext, HostTensor epsilon) {
            this.x = x;
            this.t = t;
            this.tNext = tNext;
            this.epsilon = epsilon;
        }

        HostTensor denoised() {
            return plus(x, -Math.exp(-t), epsilon);
        }

        HostTensor first() {
            return plus(x, -growth(1), epsilon);
        }

        /// How the noise estimate at the share `r` of the way differs from the one at the beginning.
        HostTensor slope(double r) {
            HostTensor there = plus(x, -growth(r), epsilon);
            return difference(epsilon(there, at(r)), epsilon, 1);
        }

        HostTensor second(HostTensor slope, double r) {
            return sum(1, first(), -growth(1) / (2 * r), slope);
        }

        /// @param slope at a third of the way
        HostTensor third(HostTensor slope) {
            double r = 2 * THIRD;
            double bend = Math.exp(-at(r)) * (r / THIRD) * (Math.expm1(r * h()) / (r * h()) - 1);
            HostTensor there = sum(1, plus(x, -growth(r), epsilon), -bend, slope);
            HostTensor slope2 = difference(epsilon(there, at(r)), epsilon, 1);
            double weight = Math.exp(-tNext) / r * (Math.expm1(h()) / h() - 1);
            return sum(1, first(), -weight, slope2);
        }

        private double h() {
            return tNext - t;
        }

        private double at(double r) {
            return t + r * h();
        }

        private double growth(double r) {
            return Math.exp(-(r == 1 ? tNext : at(r))) * Math.expm1(r * h());
        }
    }

    /// Chooses the next step's length from the error of this one (an integral controller of third order).
    private static final class StepSize {
        private static final double SAFETY = 0.81;
        private static final double ORDER = 3;
        private double h;

        StepSize(double h) {
            this.h = h;
        }

        double h() {
            return h;
        }

        boolean accepts(double error) {
            double factor = 1 + Math.atan(Math.pow(1 / (error + 1e-8), 1 / ORDER) - 1);
            h *= factor;
            return factor >= SAFETY;
        }
    }
}
