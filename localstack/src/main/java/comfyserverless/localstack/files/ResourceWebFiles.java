package comfyserverless.localstack.files;

import comfyserverless.handlers.pages.WebFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The page that comes with the local stack, from the class path; it is small and kept in memory.
public final class ResourceWebFiles implements WebFiles {
    private final Map<String, byte[]> files;

    private ResourceWebFiles(Map<String, byte[]> files) {
        this.files = files;
    }

    /// Reads all files beside the named resource, for example `/web/index.html`.
    public static ResourceWebFiles beside(String resource) {
        URL index = ResourceWebFiles.class.getResource(resource);
        if (index == null) {
            throw new IllegalStateException("the class path has no " + resource);
        }
        try {
            URI uri = index.toURI();
            if (!uri.getScheme().equals("jar")) {
                return new ResourceWebFiles(readAll(Path.of(uri).resolveSibling("")));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return new ResourceWebFiles(readAll(jar.getPath(resource).resolveSibling("")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page beside " + resource, e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no URI: " + index, e);
        }
    }

    private static Map<String, byte[]> readAll(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(path).toString().replace('\\', '/'),
                        Files.readAllBytes(path));
            }
        }
        return files;
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<String> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        return files.keySet().stream().filter(path -> path.startsWith(prefix)).toList();
    }
}
