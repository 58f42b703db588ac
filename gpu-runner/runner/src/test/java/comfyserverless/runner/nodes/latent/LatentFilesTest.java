package comfyserverless.runner.nodes.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.FolderContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatentFilesTest {
    private static final Latent LATENT =
            new Latent(new float[] {1, -2, 3.5f, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 3, 2, 2);

    private final FolderContext folder = new FolderContext();

    private static byte[] file(String header, byte... data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    private Latent load(byte[] content) throws Exception {
        folder.put("a.latent", content);
        return (Latent) Call.of("LoadLatent").in(folder).with("latent", "a.latent").first();
    }

    @Test
    void a_saved_latent_is_loaded_as_it_was() throws Exception {
        Call.of("SaveLatent")
                .in(folder)
                .with("samples", LATENT)
                .with("filename_prefix", "latents/ComfyUI")
                .with("prompt", Json.object().put("1", "a prompt"))
                .run();
        byte[] file = folder.read("latents/ComfyUI_00001_.latent [output]");
        assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains("a prompt");
        assertThat(load(file)).isEqualTo(LATENT);
    }

    /// Written by ComfyUI's own library.
    @Test
    void a_file_of_comfyui_is_read() throws Exception {
        try (var in = LatentFilesTest.class.getResourceAsStream("/nodes/latent.base64")) {
            byte[] file = Base64.getMimeDecoder().decode(in.readAllBytes());
            assertThat(load(file)).isEqualTo(LATENT);
        }
    }

    @Test
    void a_file_of_the_old_kind_is_scaled() throws Exception {
        String header =
                "{\"latent_tensor\":{\"dtype\":\"F16\",\"shape\":[1,1,1,1],\"data_offsets\":[0,2]}}";
        Latent latent = load(file(header, (byte) 0, (byte) 0x3c));
        assertThat(latent.data()).containsExactly((float) (1 / 0.18215));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{]",
                "{\"latent_tensor\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
                "{\"latent_tensor\":{\"dtype\":\"F32\",\"shape\":[1,1,1,9],\"data_offsets\":[0,36]}}",
                "{\"latent_tensor\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1],\"data_offsets\":[-4,0]}}",
                "{\"latent_tensor\":{\"dtype\":\"I8\",\"shape\":[1,1,1,1],\"data_offsets\":[0,2]}}"
            })
    void a_broken_file_is_named(String header) {
        assertThatThrownBy(() -> load(file(header, new byte[4])))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("a.latent");
    }
}
