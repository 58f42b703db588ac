package comfyserverless.localstack.files;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.localstack.extension.StartedStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that is too long for a function's answer: /view sends to a signed address on the same origin.
class LargeViewIT {
    private static final int LENGTH = 300_000;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final String VIEW = "/view?filename=large.png&type=input";

    @TempDir private static Path folder;

    private static StartedStack stack;
    private static HttpClient http;
    private static byte[] file;

    @BeforeAll
    static void upload() throws IOException, InterruptedException {
        stack = StartedStack.start(folder, "--runners", "none");
        http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
        file = new byte[LENGTH];
        new Random(1).nextBytes(file);
        System.arraycopy(PNG, 0, file, 0, PNG.length);
        HttpRequest post =
                HttpRequest.newBuilder(stack.at("/upload/image"))
                        .header("content-type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form()))
                        .build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        if (http != null) {
            http.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    private static byte[] form() throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        String head =
                """
                --b
                Content-Disposition: form-data; name="image"; filename="large.png"
                Content-Type: image/png

                """;
        form.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        form.write(file);
        form.write("\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private static HttpResponse<byte[]> get(URI address, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static URI signed() throws IOException, InterruptedException {
        HttpResponse<byte[]> view = get(stack.at(VIEW));
        assertThat(view.statusCode()).isEqualTo(302);
        assertThat(view.headers().firstValue("cache-control")).contains("no-store");
        return stack.address().resolve(view.headers().firstValue("location").orElseThrow());
    }

    @Test
    void the_signed_address_gives_the_file_with_its_type_and_name() throws Exception {
        URI address = signed();
        assertThat(address.getAuthority()).isEqualTo(stack.address().getAuthority());
        HttpResponse<byte[]> whole = get(address);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("content-type")).contains("image/png");
        assertThat(whole.headers().firstValue("content-disposition"))
                .contains("filename=\"large.png\"");
        assertThat(whole.body()).isEqualTo(file);
    }

    @Test
    void a_part_of_it_can_be_asked_for() throws Exception {
        HttpResponse<byte[]> part = get(signed(), "Range", "bytes=100-199");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range")).contains("bytes 100-199/" + LENGTH);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(file, 100, 200));
    }

    @Test
    void an_address_that_was_changed_gives_nothing() throws Exception {
        String changed = signed().toString().replace("content-type=image", "content-type=text");
        assertThat(get(URI.create(changed)).statusCode()).isEqualTo(403);
    }
}
