package comfyserverless.nodeapi;

import java.util.Arrays;

/// A batch of sounds (batch, channels, samples), mostly in -1..1.
///
/// @param data `batch * channels * samples` numbers, row-major, not copied
/// @param sampleRate samples a second
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
public record Audio(float[] data, int batch, int channels, int samples, int sampleRate)
        implements Value {
    public Audio {
        if ((long) batch * channels * samples != data.length) {
            throw new IllegalArgumentException(
                    batch + "x" + channels + "x" + samples + " is not " + data.length);
        }
        if (sampleRate <= 0) {
            throw new IllegalArgumentException("a sound of " + sampleRate + " samples a second");
        }
    }

    /// Where a channel's samples begin.
    public int at(int sound, int channel) {
        return (sound * channels + channel) * samples;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Audio that
                && batch == that.batch
                && channels == that.channels
                && samples == that.samples
                && sampleRate == that.sampleRate
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "Audio[" + batch + ", " + channels + ", " + samples + " at " + sampleRate + " Hz]";
    }
}
