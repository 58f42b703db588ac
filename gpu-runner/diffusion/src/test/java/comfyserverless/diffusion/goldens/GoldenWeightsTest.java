package comfyserverless.diffusion.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.torch.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The generator of synthetic weights gives the recorded bits.
class GoldenWeightsTest {

    @TestFactory
    Stream<DynamicTest> generated_tensors_have_the_recorded_bits() {
        JsonNode vectors = Goldens.ownJson("weights/test_vectors");
        return StreamSupport.stream(vectors.spliterator(), false)
                .map(vector ->
                        DynamicTest.dynamicTest(
                                vector.path("seed_name").asText(), () -> check(vector)));
    }

    private static void check(JsonNode vector) throws Exception {
        String name = vector.path("seed_name").asText();
        long seed = SyntheticTensors.seed(name);
        assertThat(hex(seed)).isEqualTo(vector.path("fnv1a64").asText());
        for (int i = 0; i < vector.path("splitmix_first4").size(); i++) {
            assertThat(hex(SyntheticTensors.bits(seed, i)))
                    .isEqualTo(vector.path("splitmix_first4").get(i).asText());
        }
        long[] shape = new long[vector.path("shape").size()];
        Arrays.setAll(shape, i -> vector.path("shape").get(i).longValue());
        HostTensor tensor =
                SyntheticTensors.tensor(
                        name,
                        (float) vector.path("a").doubleValue(),
                        (float) vector.path("c").doubleValue(),
                        shape);
        for (Map.Entry<String, JsonNode> value : vector.path("values").properties()) {
            float actual = tensor.data()[Integer.parseInt(value.getKey())];
            assertThat(HexFormat.of().toHexDigits(Float.floatToRawIntBits(actual)))
                    .isEqualTo(value.getValue().get(1).asText());
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(tensor.data().length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.data());
        assertThat(
                        HexFormat.of()
                                .formatHex(
                                        MessageDigest.getInstance("SHA-256").digest(bytes.array())))
                .isEqualTo(vector.path("sha256_le_f32").asText());
    }

    private static String hex(long number) {
        return HexFormat.of().toHexDigits(number);
    }
}
