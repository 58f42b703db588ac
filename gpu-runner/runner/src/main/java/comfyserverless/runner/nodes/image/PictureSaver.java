package comfyserverless.runner.nodes.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonJson;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.image.PngWriter;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
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
        SaveName name =
                SaveName.of(prefix, images.width(), images.height(), LocalDateTime.now(clock));
        Map<String, String> texts = metadata ? texts(in) : Map.of();
        ArrayNode saved = Json.mapper().createArrayNode();
        for (int i = 0; i < images.batch(); i++) {
            context.checkStop();
            Pixels pixels = pixels(images, i);
            byte[] png = PngWriter.write(pixels, texts, level);
            long counter = context.files().nextCounter(type, name.subfolder(), name.stem());
            String file = name.file(i, counter);
            context.files().save(ref(name.subfolder(), file), png);
            saved.addObject()
                    .put("filename", file)
                    .put("subfolder", name.subfolder())
                    .put("type", type.word());
        }
        return Outputs.shown("images", saved);
    }

    private static Pixels pixels(Image images, int place) {
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

    private FileRef ref(String subfolder, String file) {
        try {
            return new FileRef(type, subfolder, file);
        } catch (IllegalArgumentException e) {
            throw new NodeException("ValueError", "filename_prefix: " + e.getMessage(), e);
        }
    }

    /// `prompt`, and each entry of the client's extra_pnginfo (`workflow`).
    private static Map<String, String> texts(Inputs in) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode prompt = in.json("prompt");
        if (!prompt.isNull()) {
            texts.put("prompt", PythonJson.dumps(prompt));
        }
        in.json("extra_pnginfo")
                .properties()
                .forEach(e -> texts.put(e.getKey(), PythonJson.dumps(e.getValue())));
        return texts;
    }
}
