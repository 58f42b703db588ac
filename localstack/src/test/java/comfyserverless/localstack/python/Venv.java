package comfyserverless.localstack.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A virtual environment of Python in a folder, for programs that pip installs.
public final class Venv {
    /// What is said where there can be none.
    public static final String MISSING = "python3 (3.10 or later) with venv is needed";

    private static final String CHECK = "import sys, venv; sys.exit(sys.version_info < (3, 10))";

    private final Path folder;

    /// The environment in this folder, which [#make] puts there.
    public Venv(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /// Whether this machine has a Python that makes environments.
    public static boolean canBeMade() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", CHECK).start().waitFor() == 0;
        } catch (IOException e) {
            // there is no such command
            return false;
        }
    }

    /// Makes it.
    public void make() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        run("python3", "-m", "venv", folder.toString());
    }

    /// Where it is, an absolute path.
    public Path folder() {
        return folder;
    }

    /// Where a program of the environment lies.
    public Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /// Puts the environment's programs before the machine's, for processes that start others by name.
    public void lead(ProcessBuilder builder) {
        builder.environment()
                .merge("PATH", folder.resolve("bin") + ":", (old, first) -> first + old);
    }

    /// Runs a command in the folder to its end.
    ///
    /// @throws IOException with what it printed if it fails
    public void run(String... command) throws IOException, InterruptedException {
        Path said = folder.resolve("installation.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
        lead(builder);
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IOException(
                    List.of(command) + " ended with " + status + ": " + Files.readString(said));
        }
    }
}
