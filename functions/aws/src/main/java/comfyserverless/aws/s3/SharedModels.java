package comfyserverless.aws.s3;

import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Fills the part of the models bucket that all tenants see with small files.
public final class SharedModels {
    private final S3Client s3;
    private final String bucket;
    private final ModelStore store;
    private final ModelIndex index;

    public SharedModels(S3Client s3, String bucket, ModelStore store, ModelIndex index) {
        this.s3 = s3;
        this.bucket = bucket;
        this.store = store;
        this.index = index;
    }

    /// Stores and lists the file under its own name in a model folder, unless one of its size is there.
    public void put(String folder, Path file) throws IOException {
        ModelStore.Place place =
                new ModelStore.Place(ModelIndex.SHARED, folder, file.getFileName().toString());
        long size = Files.size(file);
        Optional<StoredModel> there = store.find(place).filter(stored -> stored.size() == size);
        if (there.isEmpty()) {
            s3.putObject(put -> put.bucket(bucket).key(place.key()), RequestBody.fromFile(file));
            store.find(place)
                    .ifPresent(stored ->
                            index.put(place.owner(), stored, () -> store.list(place.owner())));
        }
    }
}
