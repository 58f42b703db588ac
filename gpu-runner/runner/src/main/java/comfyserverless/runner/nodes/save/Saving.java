package comfyserverless.runner.nodes.save;

import comfyserverless.contract.file.FileType;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Map;

/// What nodes that save files are given.
///
/// @param metadata whether files carry the prompt
/// @param clock for dates in names
public record Saving(boolean metadata, Clock clock) {
    /// Begins to save.
    ///
    /// @param width what `%width%` stands for
    public FileSaver begin(
            FileType type, String prefix, int width, int height, NodeContext context) {
        SaveName name = SaveName.of(prefix, width, height, LocalDateTime.now(clock));
        return FileSaver.begin(type, name, context);
    }

    /// The texts for the files, none where they are not wanted.
    public Map<String, String> texts(Inputs in) {
        return metadata ? EmbeddedTexts.of(in) : Map.of();
    }
}
