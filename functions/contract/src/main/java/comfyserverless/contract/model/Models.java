package comfyserverless.contract.model;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The model files a tenant may use: a folder in place, or prefixes of the object store.
public interface Models {
    /// Folder names in ComfyUI's order (checkpoints, configs, loras, ...).
    List<String> folders();

    /// The files of one folder, sorted as ComfyUI sorts them; empty for an unknown folder.
    List<ModelFile> list(String tenant, String folder);

    /// The file of that name; `\` and `/` count as equal.
    Optional<ModelFile> find(String tenant, String folder, String name);

    /// Files of any kind in one root of a folder that are called `stem` and, after a dot, anything: a
    /// model and the pictures beside it. Sorted; empty where there is no such root.
    ///
    /// @param root as [ModelFile#root] counts them
    List<ModelFile> beside(String tenant, String folder, int root, String stem);

    /// Some bytes of the file (a header is read without fetching the whole), fewer at its end; a file that is gone is an
    /// [java.io.UncheckedIOException].
    InputStream read(String tenant, ModelFile file, long from, long length);

    /// The file on a local disk, fetched first if need be.
    Path local(String tenant, ModelFile file, FetchProgress progress);

    /// Looks for files that came or went by other ways than ours, if it is time to; called every minute or so.
    default void refresh() {}

    /// Told how much of a file has been fetched.
    interface FetchProgress {
        void fetched(long bytes, long of);
    }
}
