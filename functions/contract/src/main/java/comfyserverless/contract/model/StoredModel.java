package comfyserverless.contract.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// A file of the models bucket, as the bucket and the index know it.
///
/// @param folder one of ComfyUI's (`checkpoints`, `loras`, ...)
/// @param name with its subfolders, slash-separated
/// @param modified to the millisecond
/// @param tag the bucket's own name for this content (ETag); another content has another
/// @param sha256 in lower-case hex; null for a file that was put there by hand
public record StoredModel(
        String folder,
        String name,
        long size,
        Instant modified,
        String tag,
        @Nullable String sha256) {
    public StoredModel {
        modified = modified.truncatedTo(ChronoUnit.MILLIS);
    }

    /// Folder and name, which tell it from the others of its owner.
    public String path() {
        return folder + "/" + name;
    }

    /// The same with the digest that another look at this content has found.
    StoredModel knowing(@Nullable StoredModel last) {
        if (last == null || sha256 != null || !last.tag().equals(tag) || last.size() != size) {
            return this;
        }
        return new StoredModel(folder, name, size, modified, tag, last.sha256());
    }
}
