package comfyserverless.contract.blob;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Bytes under keys that say nothing of names. Failures of the store surface as
/// [java.io.UncheckedIOException].
public interface Blobs {
    void put(String key, byte[] bytes);

    void put(String key, Path file);

    /// The bytes from `from` on; empty if there is no such key.
    Optional<InputStream> read(String key, long from);

    /// How many bytes there are; empty if there is no such key.
    Optional<Long> size(String key);

    /// Copies the bytes inside the store; a missing source is an error.
    void copy(String from, String to);

    /// An address to which the bytes with this digest can be put once, for a while, if none are there.
    ///
    /// @param sha256 in lower-case hex
    SignedPut signedPut(String key, long size, String sha256, Duration life);

    /// Removes the bytes, if there are any.
    void delete(String key);

    /// Removes the bytes under all these keys, in few requests. After a failure some may be gone.
    default void deleteAll(Collection<String> keys) {
        keys.forEach(this::delete);
    }

    /// The keys that begin with the prefix.
    List<String> keys(String prefix);

    /// An address that serves the bytes for a while, with this type and disposition.
    URI signedUrl(String key, String contentType, String disposition, Duration life);
}
