package comfyserverless.contract.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Packs for tests, as their authors hand them out: jars, compiled from a folder of sources and resources.
public final class CompiledPack {
    private CompiledPack() {}

    /// Compiles the folder's sources against the class path of the test and puts all but them into a jar.
    public static Path jar(Path folder, Path jar) throws IOException {
        return jar(folder, jar, Set.of());
    }

    /// The same without some of its files, by their paths in the jar.
    static Path jar(Path folder, Path jar, Set<String> lacking) throws IOException {
        Path classes = Files.createTempDirectory(jar.toAbsolutePath().getParent(), ".classes");
        List<Path> sources = files(folder).filter(CompiledPack::isSource).toList();
        if (!sources.isEmpty()) {
            compile(sources, classes);
        }
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(classes, files(classes), lacking, zip);
            add(folder, files(folder).filter(file -> !isSource(file)), lacking, zip);
        }
        return jar;
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java");
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    private static void compile(List<Path> sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean fine =
                    compiler.getTask(
                                    said,
                                    manager,
                                    null,
                                    List.of("-proc:none", "-d", classes.toString()),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(sources))
                            .call();
            if (!fine) {
                throw new IllegalArgumentException("the pack does not compile: " + said);
            }
        }
    }

    private static void add(Path root, Stream<Path> files, Set<String> lacking, ZipOutputStream zip)
            throws IOException {
        for (Path file : files.toList()) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (!lacking.contains(name)) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(Files.readAllBytes(file));
                zip.closeEntry();
            }
        }
    }
}
