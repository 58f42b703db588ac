package comfyserverless.diffusion.sampling;

import static comfyserverless.diffusion.sampling.Latents.difference;
import static comfyserverless.diffusion.sampling.Latents.plus;
import static comfyserverless.diffusion.sampling.Latents.sum;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;

/// DPM-Solver of first to third order (arXiv 2206.00927), with a fixed number of evaluations or with steps chosen by
/// the error. Time is −log sigma.
public final class DpmSolver {

    private static final double THIRD = 1.0 / 3;
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

    /// Steps as long as the difference between two orders allows, with the usual limits.
    static final Adaptive ADAPTIVE =
            new Adaptive(3, new Tolerance(0.05, 0.0078), new Control(0.05, 0, 1, 0, 0.81), 0, 1);

    /// How much the results of two orders may differ.
    ///
    /// @param relative to the size of the numbers
    /// @param absolute at least
    public record Tolerance(double relative, double absolute) {
        /// Root mean square of the difference over what is allowed at each position.
        private double error(HostTensor low, HostTensor high, HostTensor previous) {
            double sum = 0;
            for (int i = 0; i < low.data().length; i++) {
                double size = Math.max(Math.abs(low.data()[i]), Math.abs(previous.data()[i]));
                double ratio =
                        (low.data()[i] - high.data()[i]) / Math.max(absolute, relative * size);
                sum += ratio * ratio;
            }
            return Math.sqrt(sum / low.data().length);
        }
    }

    /// How the next step's length follows from the errors: a PID controller.
    ///
    /// @param first length of the first step
    /// @param safety steps whose factor is below are taken again
    public record Control(
            double first, double proportional, double integral, double derivative, double safety) {}

    /// Steps as long as the difference between two orders allows.
    ///
    /// @param order the higher of the two: 2 or 3
    /// @param eta how much lower than needed steps go
    /// @param strength factor of the noise that brings them up again
    public record Adaptive(
            int order, Tolerance tolerance, Control control, double eta, double strength)
            implements Sampler {

        @Override
        public HostTensor sample(SamplerRun run, HostTensor start) {
            DpmSolver solver = new DpmSolver(run);
            NoiseSource noise = run.freshNoise(start);
            StepSize size = new StepSize(control, eta == 0 ? order : 1.5);
            HostTensor x = start;
            HostTensor previous = start;
            double s = solver.begin();
            double end = solver.end();
            for (int i = 0; s < end - ARRIVED; i++) {
                double t = Math.min(end, s + size.h());
                double target = target(s, t, end);
                Stage stage = solver.stage(x, s, target);
                HostTensor slope = stage.slope(order == 2 ? 0.5 : THIRD);
                HostTensor low = order == 2 ? stage.first() : stage.second(slope, THIRD);
                HostTensor high = order == 2 ? stage.second(slope, 0.5) : stage.third(slope);
                if (size.accepts(tolerance.error(low, high, previous))) {
                    previous = low;
                    HostTensor drawn = noise.between(Math.exp(-s), Math.exp(-t));
                    double up = Math.sqrt(Math.exp(-2 * t) - Math.exp(-2 * target));
                    x = eta == 0 ? high : plus(high, up * strength, drawn);
                    s = t;
                }
                run.report(i, stage.denoised());
            }
            return x;
        }

        private double target(double s, double t, double end) {
            AncestralStep step = AncestralStep.between(Math.exp(-s), Math.exp(-t), eta);
            return eta == 0 ? t : Math.min(end, -Math.log(step.down()));
        }
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

    /// Chooses the next step's length from the errors of this one and the last ones accepted.
    private static final class StepSize {
        private final Control control;
        private final double order;
        private double h;
        private double last = Double.NaN;
        private double lastButOne = Double.NaN;

        StepSize(Control control, double order) {
            this.control = control;
            this.order = order;
            this.h = control.first();
        }

        double h() {
            return h;
        }

        boolean accepts(double error) {
            double inverse = 1 / (error + 1e-8);
            if (Double.isNaN(last)) {
                last = inverse;
                lastButOne = inverse;
            }
            double p = control.proportional();
            double d = control.derivative();
            double product =
                    Math.pow(inverse, (p + control.integral() + d) / order)
                            * Math.pow(last, -(p + 2 * d) / order)
                            * Math.pow(lastButOne, d / order);
            double factor = 1 + Math.atan(product - 1);
            boolean accepted = factor >= control.safety();
            if (accepted) {
                lastButOne = last;
                last = inverse;
            }
            h *= factor;
            return accepted;
        }
    }
}
