package comfyserverless.diffusion.weights;

import java.nio.file.Path;

/// A model file that cannot be used: damaged, of an unknown kind, or too large. The message names the file.
public final class ModelFileException extends RuntimeException {

    public ModelFileException(Path file, String reason) {
        super(file.getFileName() + ": " + reason);
    }

    public ModelFileException(Path file, String reason, Throwable cause) {
        super(file.getFileName() + ": " + reason, cause);
    }
}
