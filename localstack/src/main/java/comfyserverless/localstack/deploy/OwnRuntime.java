package comfyserverless.localstack.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The functions' zip with a Java runtime for emulators that have none: Lambda's official runtime
/// interface client, and a `bootstrap` that starts it on this machine's JDK.
final class OwnRuntime {
    private static final List<String> CLIENT =
            List.of("aws-lambda-java-runtime-interface-client", "aws-lambda-java-serialization");

    private OwnRuntime() {}

    /// Writes it beside the other results of the build.
    ///
    /// @param functions what AWS gets; not changed
    static Path addedTo(Path functions, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path zip = folder.resolve("function-with-runtime.zip");
        Files.copy(functions, zip, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem inside =
                FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"))) {
            for (Path jar : client()) {
                Files.copy(jar, inside.getPath("lib", jar.getFileName().toString()));
            }
            Path bootstrap = inside.getPath("bootstrap");
            Files.writeString(bootstrap, starting(Path.of(System.getProperty("java.home"))));
            Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return zip;
    }

    private static String starting(Path jdk) {
        return """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$LAMBDA_TASK_ROOT/lib/*" \\
            com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
        """
                .formatted(jdk.resolve("bin/java"));
    }

    private static List<Path> client() {
        List<Path> jars =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(jar -> CLIENT.stream().anyMatch(part -> isJarOf(jar, part)))
                        .toList();
        if (jars.size() != CLIENT.size()) {
            throw new IllegalStateException("of " + CLIENT + " the class path has " + jars);
        }
        return jars;
    }

    private static boolean isJarOf(Path jar, String part) {
        return jar.toString().endsWith(".jar")
                && String.valueOf(jar.getFileName()).startsWith(part + "-");
    }
}
