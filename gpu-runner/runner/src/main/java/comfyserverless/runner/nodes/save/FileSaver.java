package comfyserverless.runner.nodes.save;

import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;

/// Saves the files of one call of a node under names with rising counters, and keeps what clients are told of
/// them.
public final class FileSaver {
    private final FileType type;
    private final SaveName name;
    private final NodeContext context;
    private final ArrayNode saved = Json.mapper().createArrayNode();

    private FileSaver(FileType type, SaveName name, NodeContext context) {
        this.type = type;
        this.name = name;
        this.context = context;
    }

    /// Nothing saved yet.
    public static FileSaver begin(FileType type, SaveName name, NodeContext context) {
        return new FileSaver(type, name, context);
    }

    /// Saves one file.
    ///
    /// @param place its place in the batch
    /// @param extension of the file's name, without a dot
    public void save(int place, String extension, byte[] content) {
        long counter = context.files().nextCounter(type, name.subfolder(), name.stem());
        String file = name.file(place, counter, extension);
        context.files().save(ref(file), content);
        saved.addObject()
                .put("filename", file)
                .put("subfolder", name.subfolder())
                .put("type", type.word());
    }

    /// `[{filename, subfolder, type}]` of what was saved.
    public ArrayNode saved() {
        return saved;
    }

    private FileRef ref(String file) {
        try {
            return new FileRef(type, name.subfolder(), file);
        } catch (IllegalArgumentException e) {
            throw new NodeException("ValueError", "filename_prefix: " + e.getMessage(), e);
        }
    }
}
