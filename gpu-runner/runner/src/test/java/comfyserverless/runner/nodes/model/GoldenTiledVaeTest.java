package comfyserverless.runner.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.Call;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The nodes around an autoencoder give the recorded numbers, whole and in tiles.
class GoldenTiledVaeTest {
    private static final String FILE = "vae/sd15_vae_tiled_nodes";
    private static final double TOLERANCE = 3e-5;
    private static final Pattern TILED =
            Pattern.compile("(VAE(?:De|En)codeTiled)\\((z|img),(\\d+),(\\d+)\\)(.*)");
    private static final Pattern WHOLE = Pattern.compile("VAEEncode\\((\\w+)\\)");

    static Stream<String> keys() {
        return Goldens.tensors(FILE).stream().flatMap(golden -> golden.keys().stream());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("keys")
    void a_node_gives_the_recorded_numbers(String key) throws Exception {
        GoldenTensors golden = Goldens.tensors(FILE).orElseThrow();
        Agreement.assertAgrees(key, result(key), golden.tensor(key), TOLERANCE);
    }

    private static HostTensor result(String key) throws Exception {
        Matcher tiled = TILED.matcher(key);
        if (tiled.matches()) {
            boolean decodes = tiled.group(2).equals("z");
            Value result =
                    Call.of(tiled.group(1))
                            .with(decodes ? "samples" : "pixels", decodes ? latent() : image("img"))
                            .with("vae", GoldenModels.vae())
                            .with("tile_size", Integer.parseInt(tiled.group(3)))
                            .with("overlap", Integer.parseInt(tiled.group(4)))
                            .first();
            return part(result, tiled.group(5));
        }
        if (key.equals("VAEDecode(VAEEncode(imgs)).sub")) {
            Value decoded =
                    Call.of("VAEDecode")
                            .with("samples", encoded("imgs"))
                            .with("vae", GoldenModels.vae())
                            .first();
            return part(decoded, ".sub");
        }
        Matcher whole = WHOLE.matcher(key);
        assertThat(whole.matches()).as(key).isTrue();
        return part(encoded(whole.group(1)), "");
    }

    private static Value encoded(String image) throws Exception {
        return Call.of("VAEEncode")
                .with("pixels", image(image))
                .with("vae", GoldenModels.vae())
                .first();
    }

    private static Latent latent() {
        HostTensor z = SyntheticTensors.tensor("in/z4_24", (float) Math.sqrt(3), 0, 1, 4, 24, 16);
        return new Latent(z.data(), 1, 4, 24, 16);
    }

    private static Image image(String name) {
        return switch (name) {
            case "img" -> image("in/img128", 1, 128, 192, 3);
            case "imgs" -> image("in/img2", 2, 40, 48, 3);
            case "rgba" -> image("in/imgrgba", 1, 64, 64, 4);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Image image(String seed, int batch, int height, int width, int channels) {
        float[] data =
                SyntheticTensors.tensor(seed, 0.5f, 0.5f, batch, height, width, channels).data();
        for (int i = 0; i < data.length; i++) {
            data[i] = Math.clamp(data[i], 0f, 1f);
        }
        return new Image(data, batch, height, width, channels);
    }

    /// `.sub` is every fourth row and column, `.rowmean` the mean over the width.
    private static HostTensor part(Value value, String part) {
        return switch (value) {
            case Latent l ->
                    new HostTensor(l.data(), l.batch(), l.channels(), l.height(), l.width());
            case Image image when part.equals(".sub") -> thinned(image);
            case Image image when part.equals(".rowmean") -> rowMeans(image);
            default -> throw new IllegalArgumentException(value + part);
        };
    }

    private static HostTensor thinned(Image image) {
        int height = Math.ceilDiv(image.height(), 4);
        int width = Math.ceilDiv(image.width(), 4);
        float[] data = new float[image.batch() * height * width * 3];
        int to = 0;
        for (int i = 0; i < image.batch(); i++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    System.arraycopy(image.data(), image.at(i, y * 4, x * 4), data, to, 3);
                    to += 3;
                }
            }
        }
        return new HostTensor(data, image.batch(), height, width, 3);
    }

    private static HostTensor rowMeans(Image image) {
        float[] data = new float[image.batch() * image.height() * 3];
        for (int i = 0; i < data.length; i++) {
            int row = i / 3;
            double sum = 0;
            for (int x = 0; x < image.width(); x++) {
                sum += image.data()[(row * image.width() + x) * 3 + i % 3];
            }
            data[i] = (float) (sum / image.width());
        }
        return new HostTensor(data, image.batch(), image.height(), 3);
    }
}
