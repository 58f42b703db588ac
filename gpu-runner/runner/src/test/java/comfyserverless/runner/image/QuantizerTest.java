package comfyserverless.runner.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pictures in few colours are, byte for byte, what Pillow made of them as ComfyUI calls it.
class QuantizerTest {
    static Stream<JsonNode> cases() throws IOException {
        try (InputStream in = QuantizerTest.class.getResourceAsStream("/pictures/quantized.json")) {
            return StreamSupport.stream(Json.readStored(in.readAllBytes()).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_picture_in_few_colours_is_that_of_pillow(JsonNode example) throws Exception {
        int width = example.get("width").intValue();
        int height = example.get("height").intValue();
        Pixels picture =
                new Pixels(width, height, 3, bytes(example.get("seed").intValue(), width, height));
        Quantizer.Dither dither =
                switch (example.get("dither").textValue()) {
                    case "none" -> new Quantizer.Dither.None();
                    case "floyd-steinberg" -> new Quantizer.Dither.Diffused();
                    default -> new Quantizer.Dither.Ordered(example.get("order").intValue());
                };
        byte[] reduced =
                Quantizer.reduce(picture, example.get("colors").intValue(), dither).samples();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(reduced);
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(example.get("sha256").textValue());
    }

    /// Soft waves with some noise, the same in the script that made the cases.
    private static byte[] bytes(int seed, int width, int height) {
        byte[] bytes = new byte[width * height * 3];
        long state = seed;
        for (int i = 0; i < bytes.length; i++) {
            state = (state * 1103515245L + 12345) & 0x7fffffff;
            int x = i / 3 % width;
            int y = i / 3 / width;
            int wave = (x * (2 + i % 3) + y * (4 - i % 3)) * (1 + seed) & 511;
            int value = Math.abs(wave - 256) * 7 / 8 + (int) (state >> 26);
            bytes[i] = (byte) Math.min(255, value);
        }
        return bytes;
    }
}
