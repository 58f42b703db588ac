package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.handlers.http.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ModelRoutesTest {
    private static final String PREVIEW = "/experiment/models/preview/";

    private final TestServer server = new TestServer();

    @Test
    void the_picture_beside_a_model_is_its_preview() throws IOException {
        model("checkpoints", "sub/a.safetensors", safetensors("{}"));
        model("checkpoints", "sub/a.preview.png", png());
        Response preview = server.get(PREVIEW + "checkpoints/0/sub/a.safetensors");
        assertThat(preview.status()).isEqualTo(200);
        assertThat(preview.headers()).containsEntry("content-type", "image/webp");
        assertThat(new String(preview.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
    }

    @Test
    void a_cover_in_the_metadata_serves_where_no_picture_lies() throws IOException {
        String cover = Base64.getEncoder().encodeToString(png());
        String header = "{\"__metadata__\":{\"ssmd_cover_images\":\"[\\\"" + cover + "\\\"]\"}}";
        model("loras", "a.safetensors", safetensors(header));
        assertThat(server.get(PREVIEW + "loras/0/a.safetensors").status()).isEqualTo(200);
    }

    @Test
    void what_has_no_preview_is_a_404_and_a_wrong_root_a_400() throws IOException {
        model("loras", "a.safetensors", safetensors("{}"));
        model("loras", "b.png", "no picture".getBytes(StandardCharsets.UTF_8));
        assertThat(server.get(PREVIEW + "loras/0/a.safetensors").status()).isEqualTo(404);
        assertThat(server.get(PREVIEW + "loras/0/b.safetensors").status()).isEqualTo(404);
        assertThat(server.get(PREVIEW + "loras/9/a.safetensors").status()).isEqualTo(404);
        assertThat(server.get(PREVIEW + "nope/0/a.safetensors").status()).isEqualTo(404);
        assertThat(server.get(PREVIEW + "loras/0/..%2F..%2Fa.png").status()).isEqualTo(404);
        assertThat(server.get(PREVIEW + "loras/x/a.safetensors").status()).isEqualTo(400);
    }

    @Test
    void metadata_is_found_by_any_spelling_of_the_path_that_stays_inside() {
        model("vae", "sub/a.safetensors", safetensors("{\"__metadata__\":{\"k\":\"v\"}}"));
        for (String name : new String[] {"sub/a", "./sub/a", "/sub//a", "x/../sub/a", "../sub/a"}) {
            assertThat(
                            TestServer.text(
                                    server.get(
                                            "/view_metadata/vae?filename="
                                                    + name
                                                    + ".safetensors")))
                    .as(name)
                    .isEqualTo("{\"k\":\"v\"}");
        }
        assertThat(server.get("/view_metadata/vae?filename=a.safetensors").status()).isEqualTo(404);
    }

    private void model(String folder, String name, byte[] bytes) {
        server.memory.models().with(folder, name, bytes);
    }

    private static byte[] safetensors(String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static byte[] png() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
