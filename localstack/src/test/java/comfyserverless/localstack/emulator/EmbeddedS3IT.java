package comfyserverless.localstack.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class EmbeddedS3IT {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "secret"));

    @TempDir private Path folder;
    private EmbeddedS3 s3;
    private S3Client client;

    @BeforeEach
    void start() throws IOException {
        s3 = EmbeddedS3.start(folder.resolve("s3"), "local", "secret");
        client =
                S3Client.builder()
                        .endpointOverride(s3.endpoint())
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(CREDENTIALS)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    private void put(String key, String content) {
        client.putObject(
                b -> b.bucket("files").key(key).contentType("text/plain"),
                RequestBody.fromString(content));
    }

    private String get(String key) {
        return client.getObjectAsBytes(b -> b.bucket("files").key(key)).asUtf8String();
    }

    @Test
    void objects_survive_a_restart() throws IOException {
        client.createBucket(b -> b.bucket("files"));
        put("o/t/1/a b.txt", "hello");
        stop();
        start();
        assertThat(get("o/t/1/a b.txt")).isEqualTo("hello");
        assertThat(client.headObject(b -> b.bucket("files").key("o/t/1/a b.txt")).contentType())
                .isEqualTo("text/plain");
        assertThat(client.listObjectsV2(b -> b.bucket("files").prefix("o/t/")).contents())
                .extracting(o -> o.key())
                .containsExactly("o/t/1/a b.txt");
    }

    @Test
    void a_put_that_must_be_new_is_refused_when_the_object_exists() {
        client.createBucket(b -> b.bucket("files"));
        put("x", "first");
        assertThatThrownBy(() ->
                        client.putObject(
                                b -> b.bucket("files").key("x").ifNoneMatch("*"),
                                RequestBody.fromString("second")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
        assertThat(get("x")).isEqualTo("first");
    }

    @Test
    void a_signed_link_reads_and_a_bare_one_does_not() throws IOException, InterruptedException {
        client.createBucket(b -> b.bucket("files"));
        put("x", "hello");
        try (S3Presigner presigner =
                        S3Presigner.builder()
                                .endpointOverride(s3.endpoint())
                                .region(Region.US_EAST_1)
                                .serviceConfiguration(
                                        S3Configuration.builder()
                                                .pathStyleAccessEnabled(true)
                                                .build())
                                .credentialsProvider(CREDENTIALS)
                                .build();
                HttpClient http = HttpClient.newHttpClient()) {
            URI signed =
                    URI.create(
                            presigner
                                    .presignGetObject(p ->
                                            p.signatureDuration(Duration.ofMinutes(5))
                                                    .getObjectRequest(
                                                            b -> b.bucket("files").key("x")))
                                    .url()
                                    .toString());
            HttpResponse<String> whole =
                    http.send(request(signed).build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> part =
                    http.send(
                            request(signed).header("Range", "bytes=1-2").build(),
                            HttpResponse.BodyHandlers.ofString());
            URI bare = s3.endpoint().resolve("/files/x");
            assertThat(whole.body()).isEqualTo("hello");
            assertThat(part.body()).isEqualTo("el");
            assertThat(
                            http.send(request(bare).build(), HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                    .isEqualTo(403);
        }
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).GET();
    }
}
