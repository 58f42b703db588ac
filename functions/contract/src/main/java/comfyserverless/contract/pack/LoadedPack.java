package comfyserverless.contract.pack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// A pack that was found. Until it is closed, its classes and resources can be loaded.
///
/// @param source where, as sentences name it: `glow.jar`
/// @param places the jars and folders that it consists of
public record LoadedPack(NodePack pack, String source, ClassLoader classes, List<Path> places)
        implements AutoCloseable {
    public LoadedPack {
        places = List.copyOf(places);
    }

    public String name() {
        return pack.name();
    }

    /// Lets go of its jars. What stands on the class path stays.
    @Override
    public void close() {
        try {
            if (classes instanceof PackClasses own) {
                own.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the node pack " + source + " cannot be closed", e);
        }
    }
}
