package comfyserverless.localstack.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/// Takes bytes for a signed address to the store, as CloudFront hands them on to S3. The embedded store
/// does not look at the digest that the address was signed for, which S3 does: so it is done here.
final class SignedPuts {
    private static final String CHECKSUM = "x-amz-checksum-sha256";
    private static final List<String> SIGNED = List.of("content-type", "if-none-match", CHECKSUM);

    private SignedPuts() {}

    static void relay(HttpClient client, Request request, Response response, URI to)
            throws IOException, InterruptedException {
        Path spooled = Files.createTempFile("upload", ".part");
        try {
            String digest = spool(request, spooled);
            String announced = request.getHeaders().get(CHECKSUM);
            if (!digest.equals(announced)) {
                answer(
                        response,
                        400,
                        "<Error><Code>BadDigest</Code><Message>The bytes have the SHA-256 digest "
                                + digest
                                + ", which is not the one in "
                                + CHECKSUM
                                + "</Message></Error>");
                return;
            }
            HttpRequest.Builder put =
                    HttpRequest.newBuilder(to).PUT(HttpRequest.BodyPublishers.ofFile(spooled));
            for (String name : SIGNED) {
                String value = request.getHeaders().get(name);
                if (value != null) {
                    put.header(name, value);
                }
            }
            HttpResponse<String> answer =
                    client.send(put.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers()
                    .firstValue("etag")
                    .ifPresent(v -> response.getHeaders().put("etag", v));
            answer(response, answer.statusCode(), answer.body());
        } finally {
            Files.delete(spooled);
        }
    }

    private static String spool(Request request, Path file) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        try (InputStream in = Content.Source.asInputStream(request);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sha256)) {
            in.transferTo(out);
        }
        return Base64.getEncoder().encodeToString(sha256.digest());
    }

    private static void answer(Response response, int status, String xml) throws IOException {
        response.setStatus(status);
        response.getHeaders().put("content-type", "application/xml");
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            out.write(xml.getBytes(StandardCharsets.UTF_8));
        }
    }
}
