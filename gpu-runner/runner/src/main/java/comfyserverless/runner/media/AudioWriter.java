package comfyserverless.runner.media;

import comfyserverless.nodeapi.Audio;
import java.nio.FloatBuffer;
import java.util.Map;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.FrameRecorder;

/// Encodes a sound into a file.
public final class AudioWriter {
    private AudioWriter() {}

    /// The bytes of a sound file.
    ///
    /// @param sound which one of the batch
    /// @param bitRate bits a second; 0 for the codec's best quality, or where it keeps every sample
    /// @param texts what is written beside the samples, by name
    /// @throws MediaException if FFmpeg refuses
    public static byte[] write(
            Audio audio, int sound, AudioCodec codec, int bitRate, Map<String, String> texts) {
        Ffmpeg.load();
        Audio fitted = codec.fitted(Sounds.one(audio, sound));
        try (TemporaryFile file = TemporaryFile.empty(codec.container());
                FFmpegFrameRecorder recorder =
                        new FFmpegFrameRecorder(file.path().toFile(), fitted.channels())) {
            recorder.setFormat(codec.container());
            recorder.setAudioCodecName(codec.encoder());
            recorder.setSampleRate(fitted.sampleRate());
            if (bitRate > 0) {
                recorder.setAudioBitrate(bitRate);
            } else {
                recorder.setAudioQuality(0);
            }
            texts.forEach(recorder::setMetadata);
            recorder.start();
            recorder.recordSamples(
                    fitted.sampleRate(),
                    fitted.channels(),
                    interleaved(fitted, 0, fitted.samples()));
            recorder.stop();
            return file.bytes();
        } catch (FrameRecorder.Exception e) {
            throw new MediaException(
                    audio + " cannot be written as " + codec.container() + ": " + e.getMessage(),
                    e);
        }
    }

    /// The first samples of a sound, channel after channel for each.
    static FloatBuffer interleaved(Audio audio, int sound, int samples) {
        float[] data = new float[Math.multiplyExact(samples, audio.channels())];
        for (int c = 0; c < audio.channels(); c++) {
            int from = audio.at(sound, c);
            for (int i = 0; i < samples; i++) {
                data[i * audio.channels() + c] = audio.data()[from + i];
            }
        }
        return FloatBuffer.wrap(data);
    }
}
