package comfyserverless.aws.s3;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// A multipart upload. S3 itself remembers which parts came, by the MD5 of each, so that any process may go on.
final class S3ModelUpload implements ModelStore.Upload {
    private static final long MEGABYTE = 1 << 20;
    private static final long SMALLEST_PART = 16 * MEGABYTE;

    /// S3 takes 10,000 parts.
    private static final long MOST_PARTS = 9_000;

    private final S3Client s3;
    private final String bucket;
    private final ModelStore.Place place;
    private final long size;
    private final String id;
    private final Map<Integer, String> tags = new ConcurrentHashMap<>();

    private S3ModelUpload(
            S3Client s3, String bucket, ModelStore.Place place, long size, String id) {
        this.s3 = s3;
        this.bucket = bucket;
        this.place = place;
        this.size = size;
        this.id = id;
    }

    static S3ModelUpload begin(S3Client s3, String bucket, ModelStore.Place place, long size) {
        String id =
                s3.createMultipartUpload(create ->
                                create.bucket(bucket)
                                        .key(place.key())
                                        .contentType("application/octet-stream"))
                        .uploadId();
        return new S3ModelUpload(s3, bucket, place, size, id);
    }

    static S3ModelUpload goOn(
            S3Client s3, String bucket, ModelStore.Place place, long size, String id) {
        S3ModelUpload upload = new S3ModelUpload(s3, bucket, place, size, id);
        for (Part part :
                s3.listPartsPaginator(list -> list.bucket(bucket).key(place.key()).uploadId(id))
                        .parts()) {
            upload.tags.put(part.partNumber(), S3ModelStore.tag(part.eTag()));
        }
        return upload;
    }

    @Override
    public int partSize() {
        long needed = Math.ceilDiv(size, MOST_PARTS);
        return Math.toIntExact(Math.max(SMALLEST_PART, Math.ceilDiv(needed, MEGABYTE) * MEGABYTE));
    }

    @Override
    public int parts() {
        return Math.toIntExact(Math.max(1, Math.ceilDiv(size, partSize())));
    }

    @Override
    public boolean has(int number, String md5) {
        return md5.equals(tags.get(number));
    }

    @Override
    public void put(int number, byte[] bytes) {
        UploadPartResponse put =
                translated(
                        () -> "cannot store part " + number + " of " + place,
                        () ->
                                s3.uploadPart(
                                        part ->
                                                part.bucket(bucket)
                                                        .key(place.key())
                                                        .uploadId(id)
                                                        .partNumber(number),
                                        RequestBody.fromBytes(bytes)));
        tags.put(number, S3ModelStore.tag(put.eTag()));
    }

    @Override
    public StoredModel complete() {
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= parts(); number++) {
            String tag = tags.get(number);
            if (tag == null) {
                throw new IllegalStateException("part " + number + " of " + place + " is missing");
            }
            parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        return translated(
                () -> "cannot complete the upload of " + place,
                () -> {
                    CompleteMultipartUploadResponse done =
                            s3.completeMultipartUpload(complete ->
                                    complete.bucket(bucket)
                                            .key(place.key())
                                            .uploadId(id)
                                            .multipartUpload(all -> all.parts(parts)));
                    HeadObjectResponse head =
                            s3.headObject(ask -> ask.bucket(bucket).key(place.key()));
                    if (head.contentLength() != size) {
                        throw new IllegalStateException(
                                place
                                        + " has "
                                        + head.contentLength()
                                        + " bytes after an upload of "
                                        + size
                                        + " (ETag "
                                        + done.eTag()
                                        + "): push it again");
                    }
                    return new StoredModel(
                            place.folder(),
                            place.name(),
                            size,
                            head.lastModified(),
                            S3ModelStore.tag(head.eTag()),
                            null);
                });
    }
}
