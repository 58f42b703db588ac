package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Masks brought to the size of a latent.
final class Masks {

    private Masks() {}

    /// A noise mask of any size as (batch, channels, height, width): scaled bilinearly, repeated over channels and
    /// items (`reshape_mask`, ComfyUI 0.3.64).
    static HostTensor forLatent(HostTensor mask, long... latent) {
        HostTensor scaled = scaled(mask, (int) latent[2], (int) latent[3]);
        int plane = (int) (latent[2] * latent[3]);
        int masks = (int) scaled.size(0);
        int channels = (int) latent[1];
        float[] out = new float[(int) latent[0] * channels * plane];
        for (int item = 0; item < latent[0]; item++) {
            for (int channel = 0; channel < channels; channel++) {
                System.arraycopy(
                        scaled.data(),
                        item % masks * plane,
                        out,
                        (item * channels + channel) * plane,
                        plane);
            }
        }
        return new HostTensor(out, latent);
    }

    /// Masks (…, height, width) as (masks, height, width) of another size, interpolated between the centres of cells.
    static HostTensor scaled(HostTensor mask, int height, int width) {
        long[] shape = mask.shape();
        int oldHeight = (int) shape[shape.length - 2];
        int oldWidth = (int) shape[shape.length - 1];
        int masks = mask.data().length / (oldHeight * oldWidth);
        if (oldHeight == height && oldWidth == width) {
            return new HostTensor(mask.data(), masks, height, width);
        }
        float[] out = new float[masks * height * width];
        for (int m = 0; m < masks; m++) {
            for (int y = 0; y < height; y++) {
                Between row = Between.of(y, oldHeight, height);
                int upper = (m * oldHeight + row.low()) * oldWidth;
                int lower = (m * oldHeight + row.high()) * oldWidth;
                for (int x = 0; x < width; x++) {
                    Between column = Between.of(x, oldWidth, width);
                    out[(m * height + y) * width + x] =
                            (1 - row.weight()) * column.mix(mask.data(), upper)
                                    + row.weight() * column.mix(mask.data(), lower);
                }
            }
        }
        return new HostTensor(out, masks, height, width);
    }

    /// The two cells of the old grid around a new cell's centre, and how far it is towards the second.
    private record Between(int low, int high, float weight) {

        static Between of(int index, int oldSize, int newSize) {
            float at = Math.max(0, (index + 0.5f) * ((float) oldSize / newSize) - 0.5f);
            int low = Math.min((int) at, oldSize - 1);
            return new Between(low, Math.min(low + 1, oldSize - 1), at - low);
        }

        float mix(float[] data, int from) {
            return (1 - weight) * data[from + low] + weight * data[from + high];
        }
    }
}
