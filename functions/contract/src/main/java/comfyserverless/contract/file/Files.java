package comfyserverless.contract.file;

import comfyserverless.contract.job.Claim;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A tenant's files: names in the table, bytes in the object store under random keys.
public interface Files {
    Optional<StoredFile> find(String tenant, FileRef ref);

    /// All files of a folder, subfolders included.
    List<StoredFile> list(String tenant, FileType type);

    /// The files that lie in one subfolder itself, `""` for the top; by name.
    List<StoredFile> list(String tenant, FileType type, String subfolder);

    /// The bytes from `from` on.
    InputStream read(String tenant, StoredFile file, long from);

    /// Stores or replaces an input file (or any file not made by a job).
    StoredFile put(String tenant, FileRef ref, byte[] bytes);

    /// As [#put], but empty (and nothing changed) if the name is taken.
    Optional<StoredFile> putIfAbsent(String tenant, FileRef ref, byte[] bytes);

    /// As [#put], with bytes that are in the store already; they stay where they are, too.
    StoredFile adopt(String tenant, FileRef ref, Arrived arrived);

    /// As [#putIfAbsent], with bytes that are in the store already.
    Optional<StoredFile> adoptIfAbsent(String tenant, FileRef ref, Arrived arrived);

    /// Stores a file that a job made; empty if the job is no longer this claim's (then nothing shows).
    Optional<StoredFile> putOutput(Claim claim, FileRef ref, Path local);

    boolean delete(String tenant, FileRef ref);

    /// Deletes the file that was seen; false if it is gone or another has taken its name.
    boolean deleteIfSame(String tenant, StoredFile seen);

    /// The next number for names that begin with `prefix` in a folder; never given twice, and beyond
    /// the numbers of files that are there.
    long nextCounter(String tenant, FileType type, String subfolder, String prefix);

    /// An address that serves the bytes for a while, with this type and disposition.
    URI signedUrl(
            String tenant, StoredFile file, String contentType, String disposition, Duration life);
}
