package comfyserverless.diffusion.adapter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An adapter file laid on a model. Equal when the file is unchanged and the strength is the same.
///
/// @param size bytes of the file
/// @param modified when it was last written, in milliseconds
/// @param strength how much of it: 1 as trained, negative for the opposite
public record AppliedLora(Path file, long size, long modified, double strength)
        implements WeightChange {

    /// The file as it is now.
    public static AppliedLora of(Path file, double strength) {
        try {
            return new AppliedLora(
                    file, Files.size(file), Files.getLastModifiedTime(file).toMillis(), strength);
        } catch (IOException e) {
            throw new UncheckedIOException("the adapter " + file, e);
        }
    }
}
