package comfyserverless.localstack.extension;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Jars of packs, made for a test.
public final class PackJar {
    private static final Path EXAMPLE = Path.of("example-extension/target/classes");

    private PackJar() {}

    /// The example's, made of its module's classes.
    public static void ofExample(Path folder) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = EXAMPLE.relativize(file).toString().replace('\\', '/');
                entries.put(name, Files.readAllBytes(file));
            }
        }
        write(folder.resolve("example-extension.jar"), entries);
    }

    /// One with a service and these of its classes.
    static void of(Path jar, Class<?> service, Class<?> implementation) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        Path classes = Path.of("target/test-classes");
        String name = implementation.getName().replace('.', '/');
        try (Stream<Path> files = Files.list(classes.resolve(name).getParent())) {
            String simple = implementation.getSimpleName();
            List<Path> own =
                    files.filter(f ->
                                    f.getFileName().toString().matches(simple + "(\\$.*)?\\.class"))
                            .toList();
            for (Path file : own) {
                String entry = classes.relativize(file).toString().replace('\\', '/');
                entries.put(entry, Files.readAllBytes(file));
            }
        }
        entries.put(
                "META-INF/services/" + service.getName(),
                implementation.getName().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        write(jar, entries);
    }

    private static void write(Path jar, Map<String, byte[]> entries) throws IOException {
        Files.createDirectories(jar.getParent());
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }
}
