package comfyserverless.routeapi;

import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.StoredFile;
import java.util.List;
import java.util.Optional;

/// A tenant's input, output and temporary files.
public interface TenantFiles {
    Optional<StoredFile> find(FileRef file);

    /// All files of a folder, subfolders included.
    List<StoredFile> list(FileType type);

    Optional<byte[]> read(FileRef file);

    /// Stores or replaces a file.
    StoredFile put(FileRef file, byte[] bytes);

    /// As [#put], but empty (and nothing changed) if the name is taken.
    Optional<StoredFile> putIfAbsent(FileRef file, byte[] bytes);

    boolean delete(FileRef file);
}
