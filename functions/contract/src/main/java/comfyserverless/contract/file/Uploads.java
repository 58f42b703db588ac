package comfyserverless.contract.file;

import comfyserverless.contract.blob.SignedPut;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/// Bytes on their way past the functions, straight into the store: announced by their owner, put under
/// a key in quarantine, and only then looked at.
public interface Uploads {
    /// How long the address to put to is good.
    Duration OPEN_FOR = Duration.ofMinutes(15);

    /// Who announced an upload, and alone may complete it.
    record Owner(String tenant, String user) {}

    /// An announced upload.
    record Opened(String id, SignedPut put) {}

    /// Announces bytes.
    ///
    /// @param sha256 in lower-case hex
    Opened open(Owner owner, long size, String sha256);

    /// What the owner announced under this id, arrived or not.
    Optional<Arrived> announced(Owner owner, String id);

    /// How many bytes have arrived; empty if none have.
    Optional<Long> arrivedSize(Arrived announced);

    InputStream read(Arrived arrived);

    /// Forgets the upload and its bytes.
    void close(Owner owner, String id);
}
