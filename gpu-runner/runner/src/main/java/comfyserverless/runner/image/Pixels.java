package comfyserverless.runner.image;

/// An 8-bit picture, rows top to bottom, samples interleaved.
///
/// @param channels 1 (grey), 3 (RGB) or 4 (RGB and alpha)
/// @param samples `height * width * channels` bytes, not copied
@SuppressWarnings("ArrayRecordComponent")
public record Pixels(int width, int height, int channels, byte[] samples) {
    public Pixels {
        if (channels != 1 && channels != 3 && channels != 4) {
            throw new IllegalArgumentException("a picture with " + channels + " channels");
        }
        if (samples.length != (long) width * height * channels) {
            throw new IllegalArgumentException(
                    width + "x" + height + "x" + channels + " is not " + samples.length + " bytes");
        }
    }

    /// One picture of a batch of numbers in 0..1 (height, width, channels), cut to the range and rounded
    /// down as ComfyUI does.
    public static Pixels of(float[] values, int offset, int width, int height, int channels) {
        byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = quantised(values[offset + i]);
        }
        return new Pixels(width, height, channels, samples);
    }

    /// 0..1 → 0..255, rounded down; what is no number becomes 0.
    static byte quantised(float value) {
        float scaled = 255f * value;
        return (byte) (scaled >= 255f ? 255 : scaled > 0f ? (int) scaled : 0);
    }
}
