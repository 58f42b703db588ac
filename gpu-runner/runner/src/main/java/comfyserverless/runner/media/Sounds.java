package comfyserverless.runner.media;

import comfyserverless.nodeapi.Audio;
import java.util.Arrays;

/// Parts of sounds.
public final class Sounds {
    private Sounds() {}

    /// One sound of a batch.
    public static Audio one(Audio audio, int sound) {
        int size = audio.channels() * audio.samples();
        return new Audio(
                Arrays.copyOfRange(audio.data(), sound * size, (sound + 1) * size),
                1,
                audio.channels(),
                audio.samples(),
                audio.sampleRate());
    }

    /// The channels `from` to before `to`; one past the last repeats the last.
    public static Audio channels(Audio audio, int from, int to) {
        float[] data = new float[audio.batch() * (to - from) * audio.samples()];
        for (int i = 0; i < audio.batch() * (to - from); i++) {
            int channel = Math.min(from + i % (to - from), audio.channels() - 1);
            System.arraycopy(
                    audio.data(),
                    audio.at(i / (to - from), channel),
                    data,
                    i * audio.samples(),
                    audio.samples());
        }
        return new Audio(data, audio.batch(), to - from, audio.samples(), audio.sampleRate());
    }

    /// The samples `from` to before `to`; those past the end are silent.
    public static Audio samples(Audio audio, int from, int to) {
        int lines = audio.batch() * audio.channels();
        float[] data = new float[Math.multiplyExact(lines, to - from)];
        int kept = Math.min(to, audio.samples()) - from;
        for (int i = 0; i < lines; i++) {
            System.arraycopy(audio.data(), i * audio.samples() + from, data, i * (to - from), kept);
        }
        return new Audio(data, audio.batch(), audio.channels(), to - from, audio.sampleRate());
    }
}
