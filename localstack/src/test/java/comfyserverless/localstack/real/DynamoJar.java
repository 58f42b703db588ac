package comfyserverless.localstack.real;

import comfyserverless.localstack.emulator.DynamoProcess;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/// Places the embedded DynamoDB where LocalStack looks for the server behind its own, which it would
/// otherwise download: a jar that only points at this class path, an agent that does nothing, a JDK.
final class DynamoJar {
    private DynamoJar() {}

    /// @param libraries LocalStack's folder of libraries
    static void placeIn(Path libraries) throws IOException {
        Path folder = Files.createDirectories(libraries.resolve("dynamodb-local/2"));
        write(folder.resolve("DynamoDBLocal.jar"), server());
        write(folder.resolve("ddb-local-loader-0.1.jar"), agent(), NoAgent.class);
        Path java = Files.createDirectories(libraries.resolve("java")).resolve("21");
        if (Files.notExists(java)) {
            Files.createSymbolicLink(java, Path.of(System.getProperty("java.home")));
        }
    }

    private static Manifest server() {
        Manifest manifest = manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MAIN_CLASS, DynamoProcess.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        return manifest;
    }

    private static Manifest agent() {
        Manifest manifest = manifest();
        manifest.getMainAttributes().putValue("Premain-Class", NoAgent.class.getName());
        return manifest;
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        return manifest;
    }

    private static void write(Path jar, Manifest manifest, Class<?>... classes) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> one : classes) {
                String name = one.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream in = one.getClassLoader().getResourceAsStream(name)) {
                    if (in == null) {
                        throw new UncheckedIOException(new IOException("no " + name));
                    }
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }
}
