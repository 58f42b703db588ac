package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// The mean of several prompts' results, each with its weight at each position. Where none applies it is 0.
final class WeightedSum {

    private static final float NEXT_TO_NOTHING = 1e-37f;

    private final long[] shape;
    private final float[] sum;
    private final float[] weight;

    WeightedSum(long... shape) {
        this.shape = shape.clone();
        this.sum = HostTensor.zeros(shape).data();
        this.weight = new float[sum.length];
    }

    void add(HostTensor result, Placed placed) {
        Region.Area.Cells area = placed.area();
        HostTensor weights = placed.weights();
        int height = (int) result.size(2);
        int width = (int) result.size(3);
        int planes = result.data().length / (height * width);
        int top = area == null ? 0 : area.y();
        int left = area == null ? 0 : area.x();
        int from = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int y = 0; y < height; y++) {
                int to = ((int) (plane * shape[2]) + top + y) * (int) shape[3] + left;
                for (int x = 0; x < width; x++, from++, to++) {
                    float w = weights == null ? 1f : weights.data()[from];
                    sum[to] += result.data()[from] * w;
                    weight[to] += w;
                }
            }
        }
    }

    HostTensor result() {
        float[] out = new float[sum.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = sum[i] / (weight[i] + NEXT_TO_NOTHING);
        }
        return new HostTensor(out, shape);
    }
}
