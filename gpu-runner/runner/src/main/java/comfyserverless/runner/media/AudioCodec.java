package comfyserverless.runner.media;

import comfyserverless.nodeapi.Audio;
import java.util.List;

/// How samples are encoded, and at which rates that goes.
public enum AudioCodec {
    FLAC("flac", "flac"),
    MP3("mp3", "libmp3lame", 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000),
    OPUS("opus", "libopus", 8000, 12000, 16000, 24000, 48000),
    AAC(
            "mp4", "aac", 7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000,
            88200, 96000);

    static final int USUAL_BIT_RATE = 128_000;

    private final String container;
    private final String encoder;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Integer> rates;

    /// @param rates those that are possible, rising; none for all
    AudioCodec(String container, String encoder, Integer... rates) {
        this.container = container;
        this.encoder = encoder;
        this.rates = List.of(rates);
    }

    /// FFmpeg's name of the file format, and the end of file names.
    public String container() {
        return container;
    }

    String encoder() {
        return encoder;
    }

    /// The sound with at most two channels and a rate that the codec takes: the next higher one, or the highest.
    Audio fitted(Audio audio) {
        Audio two = audio.channels() <= 2 ? audio : Sounds.channels(audio, 0, 2);
        if (rates.isEmpty()) {
            return two;
        }
        int best =
                rates.stream()
                        .filter(rate -> rate >= audio.sampleRate())
                        .findFirst()
                        .orElse(rates.getLast());
        return Resampling.to(two, best);
    }
}
