package comfyserverless.runner.media;

import comfyserverless.nodeapi.Audio;
import java.math.BigInteger;

/// Sounds at another rate: band-limited interpolation by a sinc under a Hann window, with torchaudio's usual
/// width of 6 zero crossings and roll-off of 0.99.
public final class Resampling {
    private static final int CROSSINGS = 6;
    private static final double ROLL_OFF = 0.99;

    private final int from;
    private final int to;
    private final int width;
    private final float[][] kernels;

    private Resampling(int from, int to) {
        this.from = from;
        this.to = to;
        double base = Math.min(from, to) * ROLL_OFF;
        this.width = (int) Math.ceil(CROSSINGS * from / base);
        this.kernels = new float[to][2 * width + from];
        for (int phase = 0; phase < to; phase++) {
            for (int i = 0; i < kernels[phase].length; i++) {
                double time = ((double) (i - width) / from - (double) phase / to) * base;
                kernels[phase][i] = (float) (share(time) * base / from);
            }
        }
    }

    private static double share(double time) {
        double t = Math.clamp(time, -CROSSINGS, CROSSINGS);
        double window = Math.cos(t * Math.PI / CROSSINGS / 2);
        double angle = t * Math.PI;
        return window * window * (angle == 0 ? 1 : Math.sin(angle) / angle);
    }

    public static Audio to(Audio audio, int rate) {
        if (rate == audio.sampleRate()) {
            return audio;
        }
        int divisor =
                BigInteger.valueOf(rate).gcd(BigInteger.valueOf(audio.sampleRate())).intValue();
        return new Resampling(audio.sampleRate() / divisor, rate / divisor).of(audio, rate);
    }

    private Audio of(Audio audio, int rate) {
        int length = (int) Math.ceilDiv((long) audio.samples() * to, from);
        int lines = audio.batch() * audio.channels();
        float[] data = new float[Math.multiplyExact(lines, length)];
        for (int line = 0; line < lines; line++) {
            int start = line * audio.samples();
            for (int i = 0; i < length; i++) {
                float[] kernel = kernels[i % to];
                int first = i / to * from - width;
                float sum = 0f;
                int low = Math.max(0, -first);
                int high = Math.min(kernel.length, audio.samples() - first);
                for (int k = low; k < high; k++) {
                    sum += kernel[k] * audio.data()[start + first + k];
                }
                data[line * length + i] = sum;
            }
        }
        return new Audio(data, audio.batch(), audio.channels(), length, rate);
    }
}
