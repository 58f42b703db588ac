package comfyserverless.runner.nodes.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.FolderContext;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the nodes of video and sound save can be loaded again and is the same, as far as the codec keeps it.
class SavedMediaTest {
    private static final int FRAMES = 12;

    private final FolderContext folder = new FolderContext();

    /// A soft gradient that gets redder from frame to frame.
    private static Image film(int width, int height) {
        Image film = Image.black(FRAMES, height, width);
        for (int i = 0; i < FRAMES; i++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int at = film.at(i, y, x);
                    film.data()[at] = i / (float) FRAMES;
                    film.data()[at + 1] = y / (float) height;
                    film.data()[at + 2] = x / (float) width;
                }
            }
        }
        return film;
    }

    /// A tone of 440 Hz at half loudness, the second channel twice as high.
    private static Audio tone(int rate, double seconds) {
        int samples = (int) (rate * seconds);
        float[] data = new float[2 * samples];
        for (int i = 0; i < samples; i++) {
            data[i] = 0.5f * (float) Math.sin(i * 440 * 2 * Math.PI / rate);
            data[samples + i] = 0.5f * (float) Math.sin(i * 880 * 2 * Math.PI / rate);
        }
        return new Audio(data, 1, 2, samples, rate);
    }

    private Video.Encoded loaded(String file) {
        return new Video.Encoded(folder.read(file), file);
    }

    private static double difference(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / a.length;
    }

    @Test
    void a_saved_video_has_the_frames_the_sound_and_the_prompt() throws Exception {
        Image film = film(96, 64);
        Value video =
                Call.of("CreateVideo")
                        .with("images", film)
                        .with("fps", 24)
                        .with("audio", tone(44100, 1))
                        .first();
        Outputs saved =
                Call.of("SaveVideo")
                        .in(folder)
                        .with("video", video)
                        .with("filename_prefix", "video/clip_%width%")
                        .with("format", "auto")
                        .with("codec", "auto")
                        .with("prompt", Json.object().put("1", "a prompt"))
                        .run();
        assertThat(saved.ui())
                .hasToString(
                        "{\"images\":[{\"filename\":\"clip_96_00001_.mp4\",\"subfolder\":\"video\","
                                + "\"type\":\"output\"}],\"animated\":[true]}");
        Video.Encoded file = loaded("video/clip_96_00001_.mp4 [output]");
        assertThat(new String(file.content(), StandardCharsets.ISO_8859_1)).contains("a prompt");

        Outputs parts = Call.of("GetVideoComponents").with("video", file).run();
        Image frames = (Image) parts.values().get(0);
        assertThat(frames.toString()).isEqualTo(film.toString());
        assertThat(difference(frames.data(), film.data())).isLessThan(0.02);
        Audio sound = (Audio) parts.values().get(1);
        assertThat(sound.sampleRate()).isEqualTo(44100);
        assertThat(sound.samples() / 44100.0).isCloseTo(FRAMES / 24.0, within(0.05));
        assertThat(parts.values().get(2)).hasToString("Json[node=24.0]");
    }

    @ParameterizedTest
    @CsvSource({"vp9, 96, 64", "av1, 96, 64", "vp9, 97, 63"})
    void a_webm_has_the_frames_at_the_next_even_size(String codec, int width, int height)
            throws Exception {
        Call.of("SaveWEBM")
                .in(folder)
                .with("images", film(width, height))
                .with("filename_prefix", "w")
                .with("codec", codec)
                .with("fps", 29.97)
                .with("crf", 20)
                .run();
        Outputs parts =
                Call.of("GetVideoComponents").with("video", loaded("w_00001_.webm [output]")).run();
        Image film = film(width + width % 2, height + height % 2);
        Image frames = (Image) parts.values().get(0);
        assertThat(frames.toString()).isEqualTo(film.toString());
        assertThat(difference(frames.data(), film.data())).isLessThan(0.03);
        assertThat(parts.values().get(1)).hasToString("Json[node=null]");
        assertThat(parts.values().get(2)).hasToString("Json[node=29.97]");
    }

    @Test
    void a_loaded_video_is_saved_without_being_encoded_anew() throws Exception {
        Call.of("SaveVideo")
                .in(folder)
                .with("video", new Video.Frames(film(96, 64), tone(44100, 0.5), 24))
                .with("filename_prefix", "first")
                .with("format", "mp4")
                .with("codec", "h264")
                .run();
        folder.put("first.mp4", folder.read("first_00001_.mp4 [output]"));
        Value loaded = Call.of("LoadVideo").in(folder).with("file", "first.mp4").first();
        Call.of("SaveVideo")
                .in(folder)
                .with("video", loaded)
                .with("filename_prefix", "again")
                .with("format", "mp4")
                .with("codec", "h264")
                .with("extra_pnginfo", Json.object().put("workflow", "mine"))
                .run();
        Video.Encoded again = loaded("again_00002_.mp4 [output]");
        assertThat(new String(again.content(), StandardCharsets.ISO_8859_1)).contains("mine");
        Outputs before = Call.of("GetVideoComponents").with("video", loaded).run();
        Outputs after = Call.of("GetVideoComponents").with("video", again).run();
        assertThat(after.values()).isEqualTo(before.values());
    }

    @Test
    void a_webm_that_was_loaded_can_be_saved_as_mp4() throws Exception {
        Call.of("SaveWEBM")
                .in(folder)
                .with("images", film(64, 64))
                .with("filename_prefix", "w")
                .with("codec", "vp9")
                .with("fps", 12)
                .with("crf", 20)
                .run();
        Call.of("SaveVideo")
                .in(folder)
                .with("video", loaded("w_00001_.webm [output]"))
                .with("filename_prefix", "m")
                .with("format", "mp4")
                .with("codec", "h264")
                .run();
        Image frames =
                (Image)
                        Call.of("GetVideoComponents")
                                .with("video", loaded("m_00002_.mp4 [output]"))
                                .first();
        assertThat(frames.batch()).isEqualTo(FRAMES);
    }

    @Test
    void a_file_that_is_no_video_is_named_in_the_error() {
        Video.Encoded broken = new Video.Encoded(new byte[] {1, 2, 3}, "notes.mp4");
        assertThatThrownBy(() -> Call.of("GetVideoComponents").with("video", broken).run())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("notes.mp4");
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 44100, 48000, 96000, 12345})
    void flac_keeps_every_sample_to_16_bits(int rate) throws Exception {
        Audio tone = tone(rate, 0.5);
        Outputs saved =
                Call.of("SaveAudio")
                        .in(folder)
                        .with("audio", tone)
                        .with("filename_prefix", "audio/a")
                        .run();
        assertThat(saved.ui())
                .hasToString(
                        "{\"audio\":[{\"filename\":\"a_00001_.flac\",\"subfolder\":\"audio\","
                                + "\"type\":\"output\"}]}");
        Audio loaded = loadedSound("audio/a_00001_.flac [output]");
        assertThat(loaded.toString()).isEqualTo(tone.toString());
        assertThat(difference(loaded.data(), tone.data())).isLessThan(2.0 / 32768);
    }

    private Audio loadedSound(String file) throws Exception {
        return (Audio) Call.of("LoadAudio").in(folder).with("audio", file).first();
    }

    @ParameterizedTest
    @CsvSource({
        "SaveAudioMP3, V0, mp3, 44100, 44100",
        "SaveAudioMP3, 128k, mp3, 96000, 48000",
        "SaveAudioOpus, 128k, opus, 44100, 48000",
        "SaveAudioOpus, 64k, opus, 9000, 48000"
    })
    void lossy_sounds_keep_their_tones(
            String node, String quality, String extension, int rate, int after) throws Exception {
        Call.of(node)
                .in(folder)
                .with("audio", tone(rate, 1))
                .with("filename_prefix", "a")
                .with("quality", quality)
                .run();
        Audio loaded = loadedSound("a_00001_." + extension + " [output]");
        assertThat(loaded.sampleRate()).isEqualTo(after);
        assertThat(loaded.samples() / (double) after).isCloseTo(1, within(0.05));
        assertThat(loudness(loaded, 0, 440)).isCloseTo(0.5, within(0.03));
        assertThat(loudness(loaded, 0, 880)).isLessThan(0.02);
        assertThat(loudness(loaded, 1, 880)).isCloseTo(0.5, within(0.03));
    }

    /// The amplitude of one frequency in the middle half of a channel.
    private static double loudness(Audio audio, int channel, double frequency) {
        int from = audio.samples() / 4;
        int count = audio.samples() / 2;
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < count; i++) {
            double angle = i * frequency * 2 * Math.PI / audio.sampleRate();
            float sample = audio.data()[audio.at(0, channel) + from + i];
            real += sample * Math.cos(angle);
            imaginary += sample * Math.sin(angle);
        }
        return 2 * Math.hypot(real, imaginary) / count;
    }

    @Test
    void a_preview_of_a_sound_is_temporary() throws Exception {
        Call.of("PreviewAudio").in(folder).with("audio", tone(44100, 0.1)).run();
        assertThat(folder.all().keySet().iterator().next())
                .matches("ComfyUI_temp_[a-z]{5}_00001_\\.flac \\[temp]");
    }
}
