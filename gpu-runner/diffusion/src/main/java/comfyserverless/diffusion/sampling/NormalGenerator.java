package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Shapes;

/// Normal numbers bit for bit as `torch.randn` gives them on an x86-64 CPU, on any machine.
///
/// From 16 numbers on PyTorch fills the array with uniform numbers and turns them, 16 at a time, into normal ones by
/// Box and Muller's formula with single-precision polynomials; below that it draws double by double.
public final class NormalGenerator {

    private static final int BLOCK = 16;
    private static final int HALF = BLOCK / 2;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private final MersenneTwister random;
    private double spare = Double.NaN;

    /// A generator as after `manual_seed(seed)`.
    public NormalGenerator(long seed) {
        this.random = new MersenneTwister(seed);
    }

    /// The next numbers, in the given shape.
    public HostTensor next(long... shape) {
        float[] out = new float[Math.toIntExact(Shapes.count(shape))];
        if (out.length >= BLOCK) {
            fillBlocks(out);
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) nextDouble();
            }
        }
        return new HostTensor(out, shape);
    }

    private void fillBlocks(float[] out) {
        fillUniform(out, 0, out.length);
        for (int at = 0; at + BLOCK <= out.length; at += BLOCK) {
            boxMuller(out, at);
        }
        if (out.length % BLOCK != 0) { // the last 16 are drawn anew
            fillUniform(out, out.length - BLOCK, out.length);
            boxMuller(out, out.length - BLOCK);
        }
    }

    private void fillUniform(float[] out, int from, int to) {
        for (int i = from; i < to; i++) {
            out[i] = random.nextFloat();
        }
    }

    private static void boxMuller(float[] data, int at) {
        for (int i = at; i < at + HALF; i++) {
            float radius = (float) Math.sqrt(-2f * CephesMath.log(1f - data[i]));
            float theta = TWO_PI * data[i + HALF];
            data[i] = radius * CephesMath.cos(theta);
            data[i + HALF] = radius * CephesMath.sin(theta);
        }
    }

    private double nextDouble() {
        if (!Double.isNaN(spare)) {
            double result = spare;
            spare = Double.NaN;
            return result;
        }
        double u1 = random.nextDouble();
        double u2 = random.nextDouble();
        double radius = Math.sqrt(-2.0 * Math.log1p(-u2));
        double theta = 2.0 * Math.PI * u1;
        spare = radius * Math.sin(theta);
        return radius * Math.cos(theta);
    }
}
