package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.handlers.http.Response;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class FilesRoutesTest {
    private final TestServer server = new TestServer();

    @Test
    void the_same_bytes_keep_their_name_and_others_get_a_number() {
        assertThat(name(upload("a.tar.gz", "one"))).isEqualTo("a.tar.gz");
        assertThat(name(upload("a.tar.gz", "one"))).isEqualTo("a.tar.gz");
        assertThat(name(upload("a.tar.gz", "two"))).isEqualTo("a.tar (1).gz");
        assertThat(name(upload("a.tar.gz", "three", "overwrite", "True")))
                .isEqualTo("a.tar (2).gz");
        assertThat(name(upload("a.tar.gz", "four", "overwrite", "true"))).isEqualTo("a.tar.gz");
        assertThat(TestServer.text(server.get("/view?filename=a.tar.gz&type=input")))
                .isEqualTo("four");
    }

    @Test
    void a_subfolder_is_normalised_in_the_store_and_echoed_as_sent() {
        Response response = upload("u.txt", "x", "subfolder", "s/x/../y/");
        assertThat(TestServer.json(response).path("subfolder").asText()).isEqualTo("s/x/../y/");
        assertThat(server.get("/view?filename=u.txt&type=input&subfolder=s/y").status())
                .isEqualTo(200);
    }

    @Test
    void what_leaves_its_folder_is_refused() {
        assertThat(upload("u.txt", "x", "subfolder", "../..").status()).isEqualTo(400);
        assertThat(upload("../u.txt", "x").status()).isEqualTo(400);
        assertThat(upload("u.txt", "x", "subfolder", "/etc").body()).isEmpty();
        assertThat(name(upload("../u.txt", "x", "subfolder", "in"))).isEqualTo("../u.txt");
        assertThat(server.get("/view?filename=u.txt&type=input").status()).isEqualTo(200);
        assertThat(upload("none/u.txt", "x").status()).isEqualTo(400);
        assertThat(server.get("/view?filename=../u.txt&type=input").status()).isEqualTo(400);
        assertThat(server.get("/view?filename=u.txt&type=input&subfolder=../x").status())
                .isEqualTo(403);
        assertThat(server.get("/view?filename=u.txt&type=nowhere").status()).isEqualTo(400);
    }

    @Test
    void a_part_of_a_file_and_an_unchanged_file() {
        upload("n.txt", "hello");
        Response whole = server.get("/view?filename=n.txt&type=input");
        assertThat(whole.headers())
                .containsEntry("content-type", "text/plain")
                .containsEntry("content-disposition", "filename=\"n.txt\"");
        Response part = server.get("/view?filename=n.txt%20%5Binput%5D", "range", "bytes=1-2");
        assertThat(part.status()).isEqualTo(206);
        assertThat(TestServer.text(part)).isEqualTo("el");
        assertThat(part.headers()).containsEntry("content-range", "bytes 1-2/5");
        Response none = server.get("/view?filename=n.txt&type=input", "range", "bytes=9-");
        assertThat(none.status()).isEqualTo(416);
        assertThat(none.headers()).containsEntry("content-range", "bytes */5");
        String etag = whole.headers().getOrDefault("etag", "none");
        Response same = server.get("/view?filename=n.txt&type=input", "if-none-match", etag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
    }

    @Test
    void conditions_are_judged_by_etag_and_by_time() {
        upload("n.txt", "hello");
        String path = "/view?filename=n.txt&type=input";
        Response whole = server.get(path);
        String etag = whole.headers().getOrDefault("etag", "none");
        String modified = whole.headers().getOrDefault("last-modified", "none");
        String early = "Mon, 01 Jan 2001 00:00:00 GMT";
        assertThat(server.get(path, "if-none-match", "\"x\", W/" + etag).status()).isEqualTo(304);
        assertThat(server.get(path, "if-none-match", "\"x\"").status()).isEqualTo(200);
        assertThat(server.get(path, "if-modified-since", modified).status()).isEqualTo(304);
        assertThat(server.get(path, "if-modified-since", early).status()).isEqualTo(200);
        assertThat(server.get(path, "if-modified-since", "yesterday").status()).isEqualTo(200);
        assertThat(server.get(path, "if-match", "\"x\"").status()).isEqualTo(412);
        assertThat(server.get(path, "if-unmodified-since", early).status()).isEqualTo(412);
        assertThat(server.get(path, "range", "bytes=0-0", "if-range", etag).status())
                .isEqualTo(206);
        assertThat(server.get(path, "range", "bytes=0-0", "if-range", early).status())
                .isEqualTo(200);
        assertThat(TestServer.text(server.get(path, "range", "BYTES=-2"))).isEqualTo("lo");
        assertThat(server.get(path, "range", "bytes=0-1,3-4").headers())
                .containsEntry("content-range", "bytes */5")
                .doesNotContainKeys("etag", "accept-ranges");
    }

    @Test
    void head_of_a_long_file_says_its_length_and_sends_nobody_elsewhere() {
        upload("long.bin", "x".repeat(300_000));
        Response response = server.call("HEAD", "/view?filename=long.bin&type=input", new byte[0]);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("content-length", "300000");
    }

    @Test
    void a_file_name_loses_what_a_form_may_put_before_it() {
        assertThat(name(upload("/abs.png", "x"))).isEqualTo("abs.png");
        assertThat(name(upload("a\\b.png", "x"))).isEqualTo("ab.png");
        assertThat(upload("", "").status()).isEqualTo(400);
        assertThat(upload("", "").body()).isEmpty();
        assertThat(upload(".", "x").status()).isEqualTo(400);
    }

    @Test
    void a_subfolder_may_leave_its_folder_and_come_back() {
        upload("u.txt", "x", "subfolder", "s");
        assertThat(server.get("/view?filename=u.txt&type=input&subfolder=../input/s").status())
                .isEqualTo(200);
        assertThat(server.get("/view?filename=u.txt&type=input&subfolder=../output/s").status())
                .isEqualTo(403);
    }

    @Test
    void a_long_file_is_a_redirect_to_a_signed_address() {
        upload("long.bin", "x".repeat(300_000));
        Response response = server.get("/view?filename=long.bin&type=input");
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.headers().get("location")).isNotBlank();
        assertThat(server.get("/view?filename=long.bin&type=input", "range", "bytes=0-9").status())
                .isEqualTo(206);
    }

    @Test
    void a_script_that_somebody_brought_is_a_download() {
        upload("a.js", "alert(1)");
        assertThat(server.get("/view?filename=a.js&type=input").headers())
                .containsEntry("content-type", "application/octet-stream")
                .containsEntry("content-disposition", "attachment; filename=\"a.js\"")
                .containsEntry("x-content-type-options", "nosniff");
    }

    @Test
    void channels_and_previews_are_made_of_the_picture() throws IOException {
        BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(1, 1, 0x80102030);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        form("p.png", png.toByteArray());
        assertThat(picture("/view?filename=p.png&type=input&channel=rgb").getRGB(1, 1))
                .isEqualTo(0xff102030);
        assertThat(picture("/view?filename=p.png&type=input&channel=a").getRGB(1, 1))
                .isEqualTo(0x80000000);
        Response webp = server.get("/view?filename=p.png&type=input&preview=webp;50");
        assertThat(webp.headers()).containsEntry("content-type", "image/webp");
        assertThat(new String(webp.body(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
        Response jpeg = server.get("/view?filename=p.png&type=input&preview=jpeg");
        assertThat(jpeg.headers()).containsEntry("content-type", "image/jpeg");
        upload("n.txt", "x");
        assertThat(server.get("/view?filename=n.txt&type=input&preview=webp").status())
                .isEqualTo(400);
    }

    @Test
    void a_form_without_an_image_is_a_bare_400() {
        assertThat(server.post("/upload/image", "{}").status()).isEqualTo(400);
        assertThat(server.post("/upload/image", "{}").body()).isEmpty();
    }

    @Test
    void an_uploaded_picture_can_be_chosen_in_a_node() {
        upload("b.png", "x");
        upload("a.txt", "x");
        assertThat(TestServer.json(server.get("/object_info/LoadImage")).toString())
                .contains("\"image\":[[\"b.png\"]");
        assertThat(TestServer.text(server.get("/object_info/Nope"))).isEqualTo("{}");
    }

    private BufferedImage picture(String path) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(server.get(path).body()));
    }

    private static String name(Response response) {
        return TestServer.json(response).path("name").asText();
    }

    private Response upload(String fileName, String text, String... fields) {
        return form(fileName, text.getBytes(StandardCharsets.UTF_8), fields);
    }

    private Response form(String fileName, byte[] bytes, String... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(
                ("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\""
                                + fileName
                                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(bytes);
        for (int i = 0; i < fields.length; i += 2) {
            String part =
                    "\r\n--b\r\nContent-Disposition: form-data; name=\""
                            + fields[i]
                            + "\"\r\n\r\n"
                            + fields[i + 1];
            body.writeBytes(part.getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return server.call(
                "POST",
                "/upload/image",
                body.toByteArray(),
                "content-type",
                "multipart/form-data; boundary=b");
    }
}
