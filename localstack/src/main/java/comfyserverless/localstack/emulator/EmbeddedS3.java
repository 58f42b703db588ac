package comfyserverless.localstack.emulator;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/// An S3 endpoint on a loopback port (S3Proxy), whose buckets are folders. Requests and links must be signed with the
/// given secret, so that a web page that guesses the port gets nowhere.
public final class EmbeddedS3 implements AutoCloseable {
    private static final long MAX_OBJECT_BYTES = 64L * 1024 * 1024 * 1024;
    private static final long MAX_UNCHUNKED_BYTES = 512L * 1024 * 1024;

    private final S3Proxy proxy;

    private EmbeddedS3(S3Proxy proxy) {
        this.proxy = proxy;
    }

    public static EmbeddedS3 start(Path folder, String accessKey, String secret)
            throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        Files.createDirectories(root);
        S3Proxy proxy =
                S3Proxy.builder()
                        .blobStore(new FilesystemNio2BlobStore(root.toString()))
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secret)
                        .maxSinglePartObjectSize(MAX_OBJECT_BYTES)
                        .v4MaxNonChunkedRequestSize(MAX_UNCHUNKED_BYTES)
                        .ignoreUnknownHeaders(true)
                        .stopTimeout(0)
                        .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IOException(
                    "the S3 store on " + root + " did not start: " + e.getMessage(), e);
        }
        return new EmbeddedS3(proxy);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 store did not stop", e);
        }
    }
}
