package comfyserverless.localstack.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// LocalStack's packages in a virtual environment below `target`, installed by pip once.
final class PythonInstall {
    static final String MISSING =
            "no LocalStack: start Docker, or install Python 3.13 (LOCALSTACK_PYTHON names it), or set"
                    + " LOCALSTACK_ENDPOINT to a LocalStack that runs";
    private static final List<String> PACKAGES =
            List.of(
                    "localstack-core[runtime]==4.14.0",
                    "cbor2<6",
                    "pyopenssl==25.1.0",
                    "cryptography==45.0.7",
                    "service_identity");
    private static final String CHECK = "import sys; sys.exit(sys.version_info < (3, 13))";

    private PythonInstall() {}

    /// The environment's Python, with everything installed; empty where no Python is new enough.
    static Optional<Path> in(Path folder) throws IOException, InterruptedException {
        Path python = folder.resolve("bin/python");
        Path done = folder.resolve("installed-4.14.0");
        if (Files.exists(done)) {
            return Optional.of(python);
        }
        Optional<String> base = newEnough();
        if (base.isEmpty()) {
            return Optional.empty();
        }
        run(List.of(base.get(), "-m", "venv", folder.toString()));
        List<String> install =
                new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "-q"));
        install.addAll(PACKAGES);
        run(install);
        Files.createFile(done);
        return Optional.of(python);
    }

    private static Optional<String> newEnough() throws IOException, InterruptedException {
        for (String candidate : candidates(System.getenv())) {
            if (isNewEnough(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static List<String> candidates(Map<String, String> environment) throws IOException {
        List<String> candidates = new ArrayList<>();
        Optional.ofNullable(environment.get("LOCALSTACK_PYTHON")).ifPresent(candidates::add);
        candidates.addAll(List.of("python3.13", "python3"));
        Path versions = Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> found = Files.list(versions)) {
                found.filter(version -> version.getFileName().toString().startsWith("3.13"))
                        .map(version -> version.resolve("bin/python").toString())
                        .forEach(candidates::add);
            }
        }
        return candidates;
    }

    private static boolean isNewEnough(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", CHECK)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // there is no such command
            return false;
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(command + " ended with " + status);
        }
    }
}
