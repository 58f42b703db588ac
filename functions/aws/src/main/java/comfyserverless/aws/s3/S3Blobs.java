package comfyserverless.aws.s3;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.blob.SignedPut;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/// [Blobs] in one bucket.
public final class S3Blobs implements Blobs {
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int DELETE_BATCH = 1000;

    private final S3Client s3;
    private final S3Presigner presigner;
    private final String bucket;

    public S3Blobs(S3Client s3, S3Presigner presigner, String bucket) {
        this.s3 = s3;
        this.presigner = presigner;
        this.bucket = bucket;
    }

    private String name(String key) {
        return "s3://" + bucket + "/" + key;
    }

    @Override
    public void put(String key, byte[] bytes) {
        put(key, RequestBody.fromBytes(bytes));
    }

    @Override
    public void put(String key, Path file) {
        put(key, RequestBody.fromFile(file));
    }

    private void put(String key, RequestBody body) {
        translated(
                () -> "cannot write " + name(key),
                () -> s3.putObject(put -> put.bucket(bucket).key(key), body));
    }

    @Override
    public Optional<InputStream> read(String key, long from) {
        return translated(
                () -> "cannot read " + name(key),
                () -> {
                    try {
                        return Optional.of(open(key, from));
                    } catch (NoSuchKeyException e) {
                        return Optional.empty();
                    } catch (S3Exception e) {
                        if (from > 0 && e.statusCode() == RANGE_NOT_SATISFIABLE) {
                            return Optional.of(InputStream.nullInputStream());
                        }
                        throw e;
                    }
                });
    }

    private InputStream open(String key, long from) {
        return s3.getObject(get -> {
            get.bucket(bucket).key(key);
            if (from > 0) {
                get.range("bytes=" + from + "-");
            }
        });
    }

    @Override
    public Optional<Long> size(String key) {
        return translated(
                () -> "cannot read the size of " + name(key),
                () -> {
                    try {
                        return Optional.of(
                                s3.headObject(head -> head.bucket(bucket).key(key))
                                        .contentLength());
                    } catch (NoSuchKeyException e) {
                        return Optional.empty();
                    }
                });
    }

    @Override
    public void copy(String from, String to) {
        translated(
                () -> "cannot copy " + name(from) + " to " + name(to),
                () ->
                        s3.copyObject(copy ->
                                copy.sourceBucket(bucket)
                                        .sourceKey(from)
                                        .destinationBucket(bucket)
                                        .destinationKey(to)));
    }

    @Override
    public SignedPut signedPut(String key, long size, String sha256, Duration life) {
        PresignedPutObjectRequest signed =
                presigner.presignPutObject(presign ->
                        presign.signatureDuration(life)
                                .putObjectRequest(put ->
                                        put.bucket(bucket)
                                                .key(key)
                                                .contentLength(size)
                                                .contentType("application/octet-stream")
                                                .checksumSHA256(base64(sha256))
                                                .ifNoneMatch("*")));
        Map<String, String> headers = new TreeMap<>();
        signed.signedHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        // The client's HTTP library writes these two.
        headers.remove("host");
        headers.remove("content-length");
        return new SignedPut(URI.create(signed.url().toString()), headers);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    @Override
    public void delete(String key) {
        translated(
                () -> "cannot delete " + name(key),
                () -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
    }

    @Override
    public void deleteAll(Collection<String> keys) {
        List<ObjectIdentifier> names =
                keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        for (int from = 0; from < names.size(); from += DELETE_BATCH) {
            deleteBatch(names.subList(from, Math.min(from + DELETE_BATCH, names.size())));
        }
    }

    private void deleteBatch(List<ObjectIdentifier> names) {
        List<S3Error> failed =
                translated(
                        () -> "cannot delete " + names.size() + " objects of s3://" + bucket,
                        () ->
                                s3.deleteObjects(delete ->
                                                delete.bucket(bucket)
                                                        .delete(batch ->
                                                                batch.objects(names).quiet(true)))
                                        .errors());
        if (!failed.isEmpty()) {
            S3Error first = failed.getFirst();
            throw new UncheckedIOException(
                    new IOException(
                            "cannot delete "
                                    + name(first.key())
                                    + " and "
                                    + (failed.size() - 1)
                                    + " others: "
                                    + first.message()));
        }
    }

    @Override
    public List<String> keys(String prefix) {
        return translated(
                () -> "cannot list " + name(prefix),
                () ->
                        s3
                                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                                .contents()
                                .stream()
                                .map(S3Object::key)
                                .toList());
    }

    @Override
    public URI signedUrl(String key, String contentType, String disposition, Duration life) {
        return URI.create(
                presigner
                        .presignGetObject(presign ->
                                presign.signatureDuration(life)
                                        .getObjectRequest(get ->
                                                get.bucket(bucket)
                                                        .key(key)
                                                        .responseContentType(contentType)
                                                        .responseContentDisposition(disposition)))
                        .url()
                        .toString());
    }
}
