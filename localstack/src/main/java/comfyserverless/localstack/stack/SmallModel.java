package comfyserverless.localstack.stack;

import comfyserverless.aws.Aws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The model that comes with the local stack, and the pictures its sample workflows begin with.
final class SmallModel {
    private final Path folder;

    SmallModel(Path folder) {
        this.folder = folder;
    }

    Path inputs() {
        return folder.resolve("input");
    }

    /// Puts the checkpoint into the models bucket, shared by all tenants, unless it is there.
    void shareIn(Aws aws) throws IOException {
        for (Path checkpoint : checkpoints()) {
            aws.shareModel("checkpoints", checkpoint);
        }
    }

    private List<Path> checkpoints() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".safetensors"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
