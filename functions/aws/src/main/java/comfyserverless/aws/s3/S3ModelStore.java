package comfyserverless.aws.s3;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.account.Identity;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// [ModelStore] in one bucket, by multipart uploads.
public final class S3ModelStore implements ModelStore {
    private static final int NOT_FOUND = 404;

    private final S3Client s3;
    private final String bucket;

    public S3ModelStore(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    private String address(String key) {
        return "s3://" + bucket + "/" + key;
    }

    @Override
    public Optional<StoredModel> find(Place place) {
        return translated(
                () -> "cannot look at " + address(place.key()),
                () -> {
                    try {
                        HeadObjectResponse head =
                                s3.headObject(ask -> ask.bucket(bucket).key(place.key()));
                        return Optional.of(
                                new StoredModel(
                                        place.folder(),
                                        place.name(),
                                        head.contentLength(),
                                        head.lastModified(),
                                        tag(head.eTag()),
                                        null));
                    } catch (S3Exception e) {
                        if (e.statusCode() == NOT_FOUND) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                });
    }

    /// Without the quotation marks around it.
    static String tag(String eTag) {
        return eTag.replace("\"", "");
    }

    @Override
    public List<StoredModel> list(String owner) {
        return listed(owner + "/").getOrDefault(owner, List.of());
    }

    @Override
    public Map<String, List<StoredModel>> all() {
        return listed("");
    }

    private Map<String, List<StoredModel>> listed(String prefix) {
        return translated(
                () -> "cannot list " + address(prefix),
                () -> {
                    Map<String, List<StoredModel>> found = new LinkedHashMap<>();
                    s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                            .contents()
                            .forEach(object -> add(found, object));
                    return found;
                });
    }

    /// What is no `{owner}/{folder}/{name}` is none of ours.
    private static void add(Map<String, List<StoredModel>> found, S3Object object) {
        String[] parts = object.key().split("/", 3);
        if (parts.length < 3 || parts[2].isEmpty() || parts[2].endsWith("/")) {
            return;
        }
        String owner = parts[0];
        if (owner.equals(ModelIndex.SHARED) || Identity.isTenant(owner)) {
            found.computeIfAbsent(owner, o -> new ArrayList<>())
                    .add(
                            new StoredModel(
                                    parts[1],
                                    parts[2],
                                    object.size(),
                                    object.lastModified(),
                                    tag(object.eTag()),
                                    null));
        }
    }

    @Override
    public InputStream read(Place place, long from, long length) {
        return translated(
                () -> "cannot read " + address(place.key()),
                () ->
                        s3.getObject(get ->
                                get.bucket(bucket)
                                        .key(place.key())
                                        .range("bytes=" + from + "-" + (from + length - 1))));
    }

    @Override
    public void delete(Place place) {
        translated(
                () -> "cannot delete " + address(place.key()),
                () -> s3.deleteObject(delete -> delete.bucket(bucket).key(place.key())));
    }

    @Override
    public Upload upload(Place place, long size) {
        return translated(
                () -> "cannot begin an upload to " + address(place.key()),
                () -> {
                    List<MultipartUpload> begun = unfinished(place);
                    return begun.isEmpty()
                            ? S3ModelUpload.begin(s3, bucket, place, size)
                            : S3ModelUpload.goOn(
                                    s3, bucket, place, size, begun.getLast().uploadId());
                });
    }

    @Override
    public int abandon(Place place) {
        return translated(
                () -> "cannot drop the unfinished uploads to " + address(place.key()),
                () -> {
                    List<MultipartUpload> begun = unfinished(place);
                    for (MultipartUpload upload : begun) {
                        s3.abortMultipartUpload(abort ->
                                abort.bucket(bucket).key(place.key()).uploadId(upload.uploadId()));
                    }
                    return begun.size();
                });
    }

    private List<MultipartUpload> unfinished(Place place) {
        return s3
                .listMultipartUploads(list -> list.bucket(bucket).prefix(place.key()))
                .uploads()
                .stream()
                .filter(upload -> upload.key().equals(place.key()))
                .toList();
    }
}
