package comfyserverless.nodeapi;

import java.util.Arrays;

/// A batch of masks (batch, height, width) in 0..1.
///
/// @param data `batch * height * width` numbers, row-major, not copied
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
public record Mask(float[] data, int batch, int height, int width) implements Value {
    public Mask {
        if ((long) batch * height * width != data.length) {
            throw new IllegalArgumentException(
                    batch + "x" + height + "x" + width + " is not " + data.length);
        }
    }

    /// A mask of one number.
    public static Mask filled(int batch, int height, int width, float value) {
        float[] data = new float[Sizes.count(batch, height, width)];
        Arrays.fill(data, value);
        return new Mask(data, batch, height, width);
    }

    /// Other numbers of this shape.
    public Mask withData(float[] other) {
        return new Mask(other, batch, height, width);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that
                && batch == that.batch
                && height == that.height
                && width == that.width
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "Mask[" + batch + ", " + height + ", " + width + "]";
    }
}
