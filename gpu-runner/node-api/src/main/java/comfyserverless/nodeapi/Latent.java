package comfyserverless.nodeapi;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch of latents (batch, channels, height, width).
///
/// @param data `batch * channels * height * width` numbers, row-major, not copied
/// @param noiseMask where the sampler may change something (1) or not (0), or null for everywhere
/// @param batchIndex the place that each item had in an earlier batch; empty for 0, 1, 2, ...
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
public record Latent(
        float[] data,
        int batch,
        int channels,
        int height,
        int width,
        @Nullable Mask noiseMask,
        List<Integer> batchIndex)
        implements Value {
    public Latent {
        if ((long) batch * channels * height * width != data.length) {
            throw new IllegalArgumentException(
                    batch + "x" + channels + "x" + height + "x" + width + " is not " + data.length);
        }
        batchIndex = List.copyOf(batchIndex);
        if (!batchIndex.isEmpty() && batchIndex.size() != batch) {
            throw new IllegalArgumentException(
                    batchIndex.size() + " places for " + batch + " latents");
        }
    }

    public Latent(float[] data, int batch, int channels, int height, int width) {
        this(data, batch, channels, height, width, null, List.of());
    }

    /// Zeros.
    public static Latent empty(int batch, int channels, int height, int width) {
        return new Latent(
                new float[Sizes.count(batch, channels, height, width)],
                batch,
                channels,
                height,
                width);
    }

    /// The same mask and places with other numbers of this shape.
    public Latent withData(float[] other) {
        return new Latent(other, batch, channels, height, width, noiseMask, batchIndex);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latent that
                && batch == that.batch
                && channels == that.channels
                && height == that.height
                && width == that.width
                && Arrays.equals(data, that.data)
                && java.util.Objects.equals(noiseMask, that.noiseMask)
                && batchIndex.equals(that.batchIndex);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "Latent[" + batch + ", " + channels + ", " + height + ", " + width + "]";
    }
}
