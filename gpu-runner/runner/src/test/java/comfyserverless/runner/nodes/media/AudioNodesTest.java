package comfyserverless.runner.nodes.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.media.Resampling;
import comfyserverless.runner.nodes.Call;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AudioNodesTest {
    /// Two channels of four samples, four a second.
    private static final Audio SMALL = new Audio(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 4, 4);

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = array.get(i).floatValue();
        }
        return floats;
    }

    static Stream<JsonNode> resampled() throws IOException {
        try (InputStream in = AudioNodesTest.class.getResourceAsStream("/nodes/resampled.json")) {
            return StreamSupport.stream(Json.readStored(in.readAllBytes()).spliterator(), false);
        }
    }

    /// Recorded from torchaudio 2.7.1.
    @ParameterizedTest
    @MethodSource("resampled")
    void resampling_gives_what_torchaudio_gives(JsonNode example) {
        float[] wave = floats(example.get("wave"));
        Audio audio = new Audio(wave, 1, 1, wave.length, example.get("from").intValue());
        Audio other = Resampling.to(audio, example.get("to").intValue());
        assertThat(other.data()).containsExactly(floats(example.get("result")), within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.25, 3", "-0.5, 60, '3,4'", "0, 0.5, '1,2'", "9, 1, 4"})
    void a_sound_is_cut_by_seconds_from_either_end(double start, double duration, String left)
            throws Exception {
        Audio cut =
                (Audio)
                        Call.of("TrimAudioDuration")
                                .with("audio", SMALL)
                                .with("start_index", start)
                                .with("duration", duration)
                                .first();
        String[] wanted = left.split(",", -1);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(cut.data()[i]).isEqualTo(Float.parseFloat(wanted[i]));
        }
        assertThat(cut.samples()).isEqualTo(wanted.length);
    }

    @Test
    void an_empty_cut_is_refused() {
        assertThatThrownBy(() ->
                        Call.of("TrimAudioDuration")
                                .with("audio", SMALL)
                                .with("start_index", 0)
                                .with("duration", 0)
                                .run())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("AudioTrim");
    }

    @Test
    void a_stereo_sound_comes_apart_and_a_mono_one_does_not() throws Exception {
        List<Value> channels = Call.of("SplitAudioChannels").with("audio", SMALL).run().values();
        assertThat(channels)
                .containsExactly(
                        new Audio(new float[] {1, 2, 3, 4}, 1, 1, 4, 4),
                        new Audio(new float[] {5, 6, 7, 8}, 1, 1, 4, 4));
        assertThatThrownBy(() ->
                        Call.of("SplitAudioChannels").with("audio", channels.getFirst()).run())
                .isInstanceOf(NodeException.class);
    }

    @Test
    void sounds_follow_one_another_and_mono_becomes_stereo() throws Exception {
        Audio mono = new Audio(new float[] {9}, 1, 1, 1, 4);
        assertThat(
                        Call.of("AudioConcat")
                                .with("audio1", SMALL)
                                .with("audio2", mono)
                                .with("direction", "before")
                                .first())
                .isEqualTo(new Audio(new float[] {9, 1, 2, 3, 4, 9, 5, 6, 7, 8}, 1, 2, 5, 4));
    }

    @ParameterizedTest
    @CsvSource({"add, 0.75", "subtract, 0.25", "multiply, 0.125", "mean, 0.375"})
    void sounds_are_mixed_by_the_method(String method, float wanted) throws Exception {
        Audio mixed =
                (Audio)
                        Call.of("AudioMerge")
                                .with("audio1", new Audio(new float[] {0.5f, 0}, 1, 1, 2, 4))
                                .with("audio2", new Audio(new float[] {0.25f}, 1, 1, 1, 4))
                                .with("merge_method", method)
                                .first();
        assertThat(mixed.data()).containsExactly(wanted, 0);
    }

    @Test
    void what_is_louder_than_full_is_scaled_down() throws Exception {
        Audio mixed =
                (Audio)
                        Call.of("AudioMerge")
                                .with("audio1", new Audio(new float[] {1f, 0.5f}, 1, 1, 2, 4))
                                .with("audio2", new Audio(new float[] {1f, 0.5f}, 1, 1, 2, 4))
                                .with("merge_method", "add")
                                .first();
        assertThat(mixed.data()).containsExactly(1, 0.5f);
    }

    @Test
    void twenty_decibels_are_ten_times_as_much() throws Exception {
        Audio louder =
                (Audio)
                        Call.of("AudioAdjustVolume")
                                .with("audio", SMALL)
                                .with("volume", 20)
                                .first();
        assertThat(louder.data()[3]).isEqualTo(40);
    }

    @Test
    void silence_has_the_wanted_length() throws Exception {
        assertThat(
                        Call.of("EmptyAudio")
                                .with("duration", 1.5)
                                .with("sample_rate", 4)
                                .with("channels", 2)
                                .first())
                .isEqualTo(new Audio(new float[12], 1, 2, 6, 4));
    }
}
