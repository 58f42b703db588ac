package comfyserverless.runner.nodes.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Frame;
import comfyserverless.runner.image.PictureReader;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.FolderContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavedAnimationTest {
    private final FolderContext folder = new FolderContext();

    /// A named part of a file.
    @SuppressWarnings("ArrayRecordComponent")
    private record Chunk(String name, byte[] content) {}

    private static Image film(int frames) {
        Image film = Image.black(frames, 5, 7);
        for (int i = 0; i < film.data().length; i++) {
            film.data()[i] = i * 37 % 256 / 255f;
        }
        return film;
    }

    private Outputs save(String node, int frames) throws Exception {
        return Call.of(node)
                .in(folder)
                .with("images", film(frames))
                .with("filename_prefix", "moving")
                .with("fps", 8)
                .with("lossless", true)
                .with("quality", 80)
                .with("method", "default")
                .with("compress_level", 4)
                .with("prompt", Json.object().put("1", "a prompt"))
                .with("extra_pnginfo", Json.object().put("workflow", "mine"))
                .run();
    }

    private static ObjectNode shown(Outputs outputs) {
        return Objects.requireNonNull(outputs.ui());
    }

    private static List<Chunk> riff(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(12);
        List<Chunk> chunks = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] name = new byte[4];
            byte[] content = new byte[bytes.get(name).getInt()];
            bytes.get(content).position(bytes.position() + content.length % 2);
            chunks.add(new Chunk(new String(name, StandardCharsets.US_ASCII), content));
        }
        return chunks;
    }

    private static List<Chunk> png(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).position(8);
        List<Chunk> chunks = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] content = new byte[bytes.getInt()];
            byte[] name = new byte[4];
            bytes.get(name).get(content).getInt();
            chunks.add(new Chunk(new String(name, StandardCharsets.US_ASCII), content));
        }
        return chunks;
    }

    private static byte[] samples(int frame, int frames) {
        byte[] samples = new byte[5 * 7 * 3];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) ((frame * samples.length + i) * 37 % 256);
        }
        assertThat(frame).isLessThan(frames);
        return samples;
    }

    @Test
    void an_animated_png_has_all_frames_and_the_prompt_behind_the_first() throws Exception {
        Outputs saved = save("SaveAnimatedPNG", 3);
        assertThat(saved.ui())
                .hasToString(
                        "{\"images\":[{\"filename\":\"moving_00001_.png\",\"subfolder\":\"\","
                                + "\"type\":\"output\"}],\"animated\":[true]}");
        byte[] file = folder.read("moving_00001_.png [output]");
        List<Chunk> chunks = png(file);
        assertThat(chunks.stream().map(Chunk::name))
                .containsExactly(
                        "IHDR", "acTL", "fcTL", "IDAT", "comf", "comf", "fcTL", "fdAT", "fcTL",
                        "fdAT", "IEND");
        assertThat(new String(chunks.get(4).content(), StandardCharsets.ISO_8859_1))
                .isEqualTo("prompt\0{\"1\": \"a prompt\"}");
        ByteBuffer control = ByteBuffer.wrap(chunks.get(8).content());
        assertThat(control.getInt(0)).isEqualTo(3);
        assertThat(control.getShort(20)).isEqualTo((short) 125);
        Frame first = PictureReader.read(file, "moving").getFirst();
        assertThat(first.colour().samples()).isEqualTo(samples(0, 3));
    }

    @Test
    void an_animated_webp_has_all_frames_and_the_prompt_in_its_exif() throws Exception {
        Outputs saved = save("SaveAnimatedWEBP", 3);
        assertThat(shown(saved).path("animated")).hasToString("[true]");
        List<Chunk> chunks = riff(folder.read("moving_00001_.webp [output]"));
        assertThat(chunks.stream().map(Chunk::name))
                .containsExactly("VP8X", "ANIM", "ANMF", "ANMF", "ANMF", "EXIF");
        assertThat(new String(chunks.getLast().content(), StandardCharsets.US_ASCII))
                .contains("prompt:{\"1\": \"a prompt\"}\0")
                .contains("workflow:\"mine\"\0");
        for (int i = 0; i < 3; i++) {
            byte[] placed = chunks.get(2 + i).content();
            byte[] alone = new byte[placed.length - 16 + 12];
            ByteBuffer.wrap(alone)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(alone.length - 8)
                    .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                    .put(placed, 16, placed.length - 16);
            Frame frame = PictureReader.read(alone, "frame").getFirst();
            assertThat(frame.colour().samples()).isEqualTo(samples(i, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SaveAnimatedWEBP", "SaveAnimatedPNG"})
    void one_picture_is_saved_too(String node) throws Exception {
        Outputs saved = save(node, 1);
        String file = shown(saved).at("/images/0/filename").textValue() + " [output]";
        Frame only = PictureReader.read(folder.read(file), file).getFirst();
        assertThat(only.colour().samples()).isEqualTo(samples(0, 1));
        assertThat(shown(saved).at("/animated/0").booleanValue())
                .isEqualTo(node.equals("SaveAnimatedPNG"));
    }
}
