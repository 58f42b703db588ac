package comfyserverless.contract.pack;

import java.nio.file.Path;
import java.util.List;

/// A pack that was found.
///
/// @param source where, as sentences name it: `glow.jar`
/// @param places the jars and folders that it consists of
public record LoadedPack(NodePack pack, String source, ClassLoader classes, List<Path> places) {
    public LoadedPack {
        places = List.copyOf(places);
    }

    public String name() {
        return pack.name();
    }
}
