package comfyserverless.diffusion.guidance;

import comfyserverless.diffusion.sampling.GuidanceStep;
import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;

/// Takes from the negative side what does not lie along what both sides have in common (TCFG, arXiv 2503.18137): the
/// projection on the first singular vector of the two.
public record TangentialDamping() implements SidesPatch {

    @Override
    public SidesPatch.Sides apply(SidesPatch.Sides sides, GuidanceStep step) {
        if (!step.hasNegative()) {
            return sides;
        }
        HostTensor positive = Vectors.sum(1, step.x(), -1, sides.positive());
        HostTensor negative = Vectors.sum(1, step.x(), -1, sides.negative());
        int items = Vectors.items(negative);
        double[] ofNegative = new double[items];
        double[] ofPositive = new double[items];
        for (int item = 0; item < items; item++) {
            double nn = Vectors.dot(negative, negative, item);
            double np = Vectors.dot(negative, positive, item);
            double pp = Vectors.dot(positive, positive, item);
            double angle = Math.atan2(2 * np, nn - pp) / 2;
            double a = Math.cos(angle);
            double b = Math.sin(angle);
            double squared = a * a * nn + 2 * a * b * np + b * b * pp;
            double along = squared == 0 ? 0 : (a * nn + b * np) / squared;
            ofNegative[item] = along * a;
            ofPositive[item] = along * b;
        }
        HostTensor damped =
                Vectors.sum(item -> ofNegative[item], negative, item -> ofPositive[item], positive);
        return new SidesPatch.Sides(sides.positive(), Vectors.sum(1, step.x(), -1, damped));
    }
}
