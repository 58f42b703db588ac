package comfyserverless.aws.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Fills the part of the models bucket that all tenants see.
public final class SharedModels {
    private static final int NOT_FOUND = 404;

    private final S3Client s3;
    private final String bucket;

    public SharedModels(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /// Stores the file under its own name in a model folder, unless one of its size is there.
    public void put(String folder, Path file) throws IOException {
        String key = S3Models.SHARED + "/" + folder + "/" + file.getFileName();
        if (storedSize(key) != Files.size(file)) {
            s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromFile(file));
        }
    }

    private long storedSize(String key) {
        try {
            return s3.headObject(head -> head.bucket(bucket).key(key)).contentLength();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }
}
