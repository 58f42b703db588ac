package comfyserverless.diffusion.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/// The packed vocabularies beside these classes.
final class DataFiles {

    private DataFiles() {}

    /// The unpacked bytes of a .gz resource.
    static byte[] unpacked(String name) {
        try (InputStream resource = DataFiles.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException(
                        "no resource " + name + " beside " + DataFiles.class.getName());
            }
            return new GZIPInputStream(resource).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " does not read", e);
        }
    }
}
