package comfyserverless.contract.node;

import java.util.List;

/// The lists behind the choices that follow a folder, for one tenant.
public interface FolderLists {
    /// Names of the files of a model folder, sorted, subfolders with `/`.
    List<String> models(String folder);

    /// Names of the files at the top of the input folder, sorted, of these kinds (image, video,
    /// audio); of every kind if none is given.
    List<String> inputs(List<String> kinds);

    /// Whether the model folder has that file; `\` and `/` count as equal.
    default boolean hasModel(String folder, String name) {
        return models(folder).contains(name.replace('\\', '/'));
    }

    /// No files at all.
    static FolderLists empty() {
        return new FolderLists() {
            @Override
            public List<String> models(String folder) {
                return List.of();
            }

            @Override
            public List<String> inputs(List<String> kinds) {
                return List.of();
            }
        };
    }
}
