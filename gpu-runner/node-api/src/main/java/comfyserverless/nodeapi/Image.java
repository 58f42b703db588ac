package comfyserverless.nodeapi;

import java.util.Arrays;

/// A batch of pictures (batch, height, width, channels), mostly RGB, in 0..1. Immutable by agreement: who
/// has handed the numbers over no longer writes to them.
///
/// @param data `batch * height * width * channels` numbers, row-major, not copied
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
public record Image(float[] data, int batch, int height, int width, int channels) implements Value {
    public Image {
        if ((long) batch * height * width * channels != data.length) {
            throw new IllegalArgumentException(
                    batch + "x" + height + "x" + width + "x" + channels + " is not " + data.length);
        }
    }

    /// A black RGB batch.
    public static Image black(int batch, int height, int width) {
        return new Image(new float[Sizes.count(batch, height, width, 3)], batch, height, width, 3);
    }

    /// Other numbers of this shape.
    public Image withData(float[] other) {
        return new Image(other, batch, height, width, channels);
    }

    /// Where a pixel's numbers begin.
    public int at(int picture, int y, int x) {
        return ((picture * height + y) * width + x) * channels;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image that
                && batch == that.batch
                && height == that.height
                && width == that.width
                && channels == that.channels
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "Image[" + batch + ", " + height + ", " + width + ", " + channels + "]";
    }
}
