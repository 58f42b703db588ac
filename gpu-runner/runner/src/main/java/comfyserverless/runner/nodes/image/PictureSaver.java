package comfyserverless.runner.nodes.image;

import comfyserverless.contract.file.FileType;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.image.PngWriter;
import comfyserverless.runner.nodes.save.EmbeddedTexts;
import comfyserverless.runner.nodes.save.FileSaver;
import comfyserverless.runner.nodes.save.SaveName;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Map;

/// Writes a batch of pictures as PNG files that carry the prompt and what the client sent beside it.
final class PictureSaver {
    private final FileType type;
    private final int level;
    private final boolean metadata;
    private final Clock clock;

    /// @param level zlib's effort
    /// @param metadata whether the prompt is written into the files
    PictureSaver(FileType type, int level, boolean metadata, Clock clock) {
        this.type = type;
        this.level = level;
        this.metadata = metadata;
        this.clock = clock;
    }

    Outputs save(Image images, String prefix, Inputs in, NodeContext context) {
        FileSaver files =
                FileSaver.begin(
                        type,
                        SaveName.of(
                                prefix, images.width(), images.height(), LocalDateTime.now(clock)),
                        context);
        Map<String, String> texts = metadata ? EmbeddedTexts.of(in) : Map.of();
        for (int i = 0; i < images.batch(); i++) {
            context.checkStop();
            files.save(i, "png", PngWriter.write(pixels(images, i), texts, level));
        }
        return Outputs.shown("images", files.saved());
    }

    /// One picture of a batch as bytes.
    static Pixels pixels(Image images, int place) {
        if (images.channels() == 2 || images.channels() > 4) {
            throw new NodeException(
                    "TypeError", "pictures with " + images.channels() + " channels");
        }
        return Pixels.of(
                images.data(),
                images.at(place, 0, 0),
                images.width(),
                images.height(),
                images.channels());
    }
}
