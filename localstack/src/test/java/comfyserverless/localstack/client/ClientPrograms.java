package comfyserverless.localstack.client;

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
    static final String MISSING = "The clients need python3 (3.10 or later) with venv";

    private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();
    private static final String CHECK = "import sys, venv; sys.exit(sys.version_info < (3, 10))";

    private final Path folder;

    private ClientPrograms(Path folder) {
        this.folder = folder;
    }

    static boolean canInstall() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", CHECK).start().waitFor() == 0;
        } catch (IOException e) {
            // there is no such command
            return false;
        }
    }

    static ClientPrograms install() throws IOException, InterruptedException {
        Path folder = Path.of("target", "clients").toAbsolutePath();
        ClientPrograms programs = new ClientPrograms(folder);
        String wanted =
                Files.readString(SOURCES.resolve("requirements.txt"))
                        + Files.readString(SOURCES.resolve("package.json"));
        Path installed = folder.resolve("installed.txt");
        if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
            Files.createDirectories(folder);
            run(folder, "python3", "-m", "venv", folder.toString());
            String requirements = SOURCES.resolve("requirements.txt").toString();
            run(folder, programs.tool("python"), "-m", "pip", "install", "-q", "-r", requirements);
            Files.copy(
                    SOURCES.resolve("package.json"),
                    folder.resolve("package.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            run(folder, programs.tool("npm"), "install", "--no-audit", "--no-fund", "--silent");
            Files.writeString(installed, wanted);
        }
        return programs;
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
                new ArrayList<>(List.of(tool(python ? "python" : "node"), source.toString()));
        command.addAll(List.of(address, workflow.toString(), picture.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(printed(picture).toFile());
        builder.environment()
                .merge("PATH", folder.resolve("bin") + ":", (old, first) -> first + old);
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
                script, folder.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private String tool(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    private static void run(Path folder, String... command)
            throws IOException, InterruptedException {
        Path said = folder.resolve("installation.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
        builder.environment()
                .merge("PATH", folder.resolve("bin") + ":", (old, first) -> first + old);
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IOException(
                    List.of(command) + " ended with " + status + ": " + Files.readString(said));
        }
    }
}
