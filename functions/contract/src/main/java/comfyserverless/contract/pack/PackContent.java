package comfyserverless.contract.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The files of a pack that pages ask for: those in [#FOLDERS] of its jar or folder.
public final class PackContent {
    /// The folders that are published, each with all below it.
    public static final List<String> FOLDERS =
            List.of("web", "example_workflows", "locales", "docs", "subgraphs");

    private PackContent() {}

    /// Whether there is any.
    static boolean isIn(List<Path> places) {
        boolean[] any = {false};
        places.forEach(place -> visit(place, (path, bytes) -> any[0] = true));
        return any[0];
    }

    /// Calls back with each file's path (`web/glow.js`) and bytes.
    public static void visit(Path place, BiConsumer<String, byte[]> visitor) {
        try {
            if (Files.isDirectory(place)) {
                visitFolder(place, visitor);
            } else {
                visitJar(place, visitor);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(place.getFileName() + " cannot be read", e);
        }
    }

    private static void visitFolder(Path place, BiConsumer<String, byte[]> visitor)
            throws IOException {
        for (String folder : FOLDERS) {
            Path start = place.resolve(folder);
            if (!Files.isDirectory(start)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(start)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    visitor.accept(
                            place.relativize(file).toString().replace('\\', '/'),
                            Files.readAllBytes(file));
                }
            }
        }
    }

    private static void visitJar(Path place, BiConsumer<String, byte[]> visitor)
            throws IOException {
        try (ZipFile jar = new ZipFile(place.toFile())) {
            Enumeration<? extends ZipEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && isContent(entry.getName())) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        visitor.accept(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    private static boolean isContent(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && FOLDERS.contains(name.substring(0, slash)) && !name.contains("..");
    }
}
