package comfyserverless.diffusion.weights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Tells by the first bytes what stands in a model's place, to say more than "damaged".
final class FileKinds {

    private FileKinds() {}

    static void refuseOthers(Path file, ByteBuffer first) {
        String start = StandardCharsets.ISO_8859_1.decode(first.duplicate()).toString();
        if (start.isEmpty()) {
            throw new ModelFileException(file, "the file is empty. Download or copy it again.");
        }
        if (start.startsWith("GGUF")) {
            throw new ModelFileException(
                    file, "a GGUF file; only .safetensors files are read here.");
        }
        if (start.startsWith("version https://git-lfs")) {
            throw new ModelFileException(
                    file, "a Git LFS pointer, not the model itself: fetch it with `git lfs pull`.");
        }
        if (start.startsWith("<")) {
            throw new ModelFileException(
                    file, "a web page, not a model: the download was answered with an error page.");
        }
    }
}
