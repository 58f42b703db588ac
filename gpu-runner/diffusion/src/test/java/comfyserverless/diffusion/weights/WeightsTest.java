package comfyserverless.diffusion.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tensors come out of a mapped file as they were written, whatever their type and alignment.
class WeightsTest {

    private static final Torch TORCH = TestTorch.cpu();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void a_float32_tensor_is_read() throws IOException {
        assertThat(read(header("F32", 16), floats(1, -2, 0.5f, 3))).isEqualTo(expected());
    }

    @Test
    void a_float16_tensor_is_widened() throws IOException {
        byte[] data = new byte[8];
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : expected().data()) {
            buffer.putShort(Float.floatToFloat16(number));
        }
        assertThat(read(header("F16", 8), data)).isEqualTo(expected());
    }

    @Test
    void a_bfloat16_tensor_is_widened() throws IOException {
        byte[] data = new byte[8];
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : expected().data()) {
            buffer.putShort((short) (Float.floatToRawIntBits(number) >>> 16));
        }
        assertThat(read(header("BF16", 8), data)).isEqualTo(expected());
    }

    @Test
    void a_tensor_at_an_odd_offset_is_copied_out() throws IOException {
        String odd = header("F32", 16) + " ".repeat(3);
        assertThat(read(odd, floats(1, -2, 0.5f, 3))).isEqualTo(expected());
    }

    @Test
    void a_tensor_outlives_the_reader_of_its_file() throws IOException {
        Path file =
                SafetensorsFiles.write(
                        folder.resolve("m.safetensors"), header("F32", 16), floats(1, -2, 0.5f, 3));
        StateDict dict = StateDict.read(file);
        HostTensor kept =
                TORCH.call(() -> {
                    try (Scope scope = TORCH.scope()) {
                        Weights weights = Weights.open(TORCH, dict, DType.F32);
                        var tensor = scope.take(weights.get("w"));
                        weights.close();
                        return tensor.toHost();
                    }
                });
        assertThat(kept).isEqualTo(expected());
    }

    @Test
    void a_missing_tensor_is_named_with_its_prefix() throws IOException {
        Path file =
                SafetensorsFiles.write(
                        folder.resolve("m.safetensors"), header("F32", 16), floats(1, 2, 3, 4));
        StateDict dict = StateDict.read(file).under("block.");
        assertThatThrownBy(() -> dict.entry("conv.weight"))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("m.safetensors: lacks the tensor block.conv.weight");
    }

    private HostTensor read(String header, byte[] data) throws IOException {
        StateDict dict =
                StateDict.read(
                        SafetensorsFiles.write(folder.resolve("m.safetensors"), header, data));
        return TORCH.call(() -> {
            try (Weights weights = Weights.open(TORCH, dict, DType.F32);
                    Scope _ = TORCH.scope()) {
                return weights.get("w").toHost();
            }
        });
    }

    private static HostTensor expected() {
        return new HostTensor(new float[] {1, -2, 0.5f, 3}, 2, 2);
    }

    /// A header of one tensor `w` of 2 × 2, padded so that its data begin at a multiple of 8.
    private static String header(String type, int bytes) {
        String json =
                "{\"w\":{\"dtype\":\"%s\",\"shape\":[2,2],\"data_offsets\":[0,%d]}}"
                        .formatted(type, bytes);
        return json + " ".repeat(Math.floorMod(-json.length(), 8));
    }

    private static byte[] floats(float... numbers) {
        byte[] data = new byte[4 * numbers.length];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(numbers);
        return data;
    }
}
