package comfyserverless.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultCodecTest {
    private static final ResultCodec CODEC = new ResultCodec(HandleStore.NONE);
    private static final Image IMAGE =
            new Image(new float[] {0, 0.5f, 1, -1, Float.NaN, 2}, 1, 1, 2, 3);
    private static final Mask MASK = Mask.filled(1, 2, 2, 0.25f);
    private static final Audio AUDIO = new Audio(new float[] {0.1f, 0.2f}, 1, 2, 1, 44_100);

    private static NodeResult result(Value... values) {
        return new NodeResult(List.of(List.of(values), List.of()), null, null);
    }

    @Test
    void every_kind_of_data_comes_back_as_it_was() {
        NodeResult result =
                result(
                        IMAGE,
                        MASK,
                        Latent.empty(2, 4, 3, 3),
                        new Latent(new float[4], 1, 1, 2, 2, MASK, List.of(7)),
                        AUDIO,
                        new Video.Frames(IMAGE, AUDIO, 23.976),
                        new Video.Frames(IMAGE, null, 8),
                        new Video.Encoded(new byte[] {1, 2, 3}, "a.mp4"),
                        new Value.Json(TextNode.valueOf("é")),
                        new Value.Many(List.of(new Value.Json(IntNode.valueOf(3)), MASK)));
        byte[] bytes = CODEC.encode(result).orElseThrow();
        assertThat(CODEC.decode(bytes)).hasValue(result);
    }

    @Test
    void what_only_its_host_understands_has_no_bytes() {
        assertThat(CODEC.encode(result(MASK, new Value.Handle("MODEL", "m")))).isEmpty();
        assertThat(CODEC.encode(result(new Value.Many(List.of(new Value.Blocker(null))))))
                .isEmpty();
    }

    @Test
    void bytes_that_are_cut_off_are_refused() {
        byte[] bytes = CODEC.encode(result(IMAGE)).orElseThrow();
        assertThatThrownBy(() -> CODEC.decode(Arrays.copyOf(bytes, bytes.length - 9)))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void bytes_of_another_version_are_passed_over() {
        byte[] bytes = CODEC.encode(result(IMAGE)).orElseThrow();
        bytes[0] = 99;
        assertThat(CODEC.decode(bytes)).isEmpty();
    }
}
