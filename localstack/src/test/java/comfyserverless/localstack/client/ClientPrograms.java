package comfyserverless.localstack.client;

import comfyserverless.localstack.python.Venv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The published clients of `src/test/clients`, installed below `target` once per list of versions,
/// and the scripts that use them.
final class ClientPrograms {
    private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();

    private final Venv venv;

    private ClientPrograms(Venv venv) {
        this.venv = venv;
    }

    static ClientPrograms install() throws IOException, InterruptedException {
        Venv venv = new Venv(Path.of("target", "clients"));
        Path requirements = SOURCES.resolve("requirements.txt");
        Path packages = SOURCES.resolve("package.json");
        String wanted = Files.readString(requirements) + Files.readString(packages);
        Path installed = venv.folder().resolve("installed.txt");
        if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
            venv.make();
            String python = venv.program("python").toString();
            venv.run(python, "-m", "pip", "install", "-q", "-r", requirements.toString());
            Files.copy(
                    packages,
                    venv.folder().resolve("package.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            String npm = venv.program("npm").toString();
            venv.run(npm, "install", "--no-audit", "--no-fund", "--silent");
            Files.writeString(installed, wanted);
        }
        return new ClientPrograms(venv);
    }

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.filter(file -> file.toString().matches(".*\\.(py|mjs)")).sorted().toList();
        }
    }

    /// A script at work on a server; what it prints goes to a file beside the picture.
    ///
    /// @return whether it ended well in time
    boolean drive(Path script, String address, Path workflow, Path picture)
            throws IOException, InterruptedException {
        boolean python = script.toString().endsWith(".py");
        Path source = python ? script : inReachOfModules(script);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                venv.program(python ? "python" : "node").toString(),
                                source.toString()));
        command.addAll(List.of(address, workflow.toString(), picture.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(venv.folder().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(printed(picture).toFile());
        venv.lead(builder);
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            return false;
        }
        return process.exitValue() == 0;
    }

    static Path printed(Path picture) {
        return picture.resolveSibling(picture.getFileName() + ".txt");
    }

    /// Node finds packages in the folders above a script only.
    private Path inReachOfModules(Path script) throws IOException {
        return Files.copy(
                script,
                venv.folder().resolve(script.getFileName()),
                StandardCopyOption.REPLACE_EXISTING);
    }
}
