package comfyserverless.runner.nodes.model;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.nodeapi.NodeFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Finds textual inversions as prompts name them: by the file's name with or without its ending, in the folder or below.
final class EmbeddingFolder {
    private static final String FOLDER = "embeddings";
    private static final List<String> ENDINGS = List.of("", ".safetensors", ".pt", ".bin");

    private EmbeddingFolder() {}

    /// The file of an embedding; empty when the folder's list has none of that name, whatever else the name leads to.
    static Optional<Path> find(String name, NodeFiles files) {
        List<String> all =
                files.models().list(files.tenant(), FOLDER).stream().map(ModelFile::name).toList();
        return ENDINGS.stream()
                .map(ending -> name + ending)
                .flatMap(wanted ->
                        all.stream().filter(it -> it.equals(wanted) || it.endsWith("/" + wanted)))
                .findFirst()
                .map(found -> files.model(FOLDER, found));
    }
}
