package comfyserverless.contract.file;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What users keep on the server: workflows, settings, whatever pages put under `/userdata`. Paths
/// are slash-separated and stay inside the user's own tree.
public interface UserFiles {
    /// A tenant's user.
    record User(String tenant, String id) {}

    /// A kept file without its bytes.
    record UserFile(String path, long size, Instant modified) {}

    Optional<byte[]> read(User user, String path);

    Optional<UserFile> find(User user, String path);

    UserFile write(User user, String path, byte[] bytes);

    /// As [#write], but empty (and nothing changed) if there is such a file.
    Optional<UserFile> writeIfAbsent(User user, String path, byte[] bytes);

    boolean delete(User user, String path);

    /// Moves a file; empty if there is none, or if there is one at `to` and `overwrite` is not set.
    Optional<UserFile> move(User user, String from, String to, boolean overwrite);

    /// The files whose path begins with `prefix`, in order of path.
    List<UserFile> list(User user, String prefix);
}
