package comfyserverless.contract.pack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where packs are looked for besides the class path.
///
/// @param entries jars, and folders with classes, jars or content in them
public record PackSources(List<Path> entries) {
    /// The class path alone.
    public static final PackSources CLASS_PATH = new PackSources(List.of());

    public PackSources {
        entries = List.copyOf(entries);
    }

    /// Every jar and folder in a folder, by name.
    public static PackSources in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return new PackSources(files.filter(PackSources::mayBePack).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the node packs in " + folder, e);
        }
    }

    public PackSources and(List<Path> more) {
        return new PackSources(Stream.concat(entries.stream(), more.stream()).toList());
    }

    private static boolean mayBePack(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".jar") || Files.isDirectory(file));
    }
}
