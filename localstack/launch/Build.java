import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Builds the local stack and writes how to start it: run by `localstack/run` from its source, so it uses the JDK alone.
///
/// `java Build.java ROOT [--if-stale]` leaves in `localstack/target/run`: `java.args` (class path and options for the
/// JVM), `app.aot` (classes loaded ahead of time, so that the next start is fast) and `stamp` (as old as the sources).
final class Build {
    private static final Pattern MODULE = Pattern.compile("\\[INFO] Building (\\S+) \\S+\\s+\\[(\\d+)/(\\d+)]");
    private static final Pattern FETCHED = Pattern.compile("Downloaded from \\S+: \\S+ \\(([\\d.]+) ([kMG]?B)");
    private static final int TAIL_LINES = 30;
    private static final int LINE_WIDTH = 78;

    private final Path root;
    private final Path made;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private String shown = "";

    private Build(Path root) {
        this.root = root;
        this.made = root.resolve("localstack/target/run");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Build build = new Build(Path.of(arguments[0]).toAbsolutePath().normalize());
        boolean onlyIfStale = arguments.length > 1 && arguments[1].equals("--if-stale");
        if (!onlyIfStale || build.isStale()) {
            System.exit(build.run());
        }
    }

    private int run() throws IOException, InterruptedException {
        Files.createDirectories(made);
        Files.deleteIfExists(made.resolve("stamp"));
        Instant began = Instant.now();
        show("Building (the first time fetches about 290 MB from Maven Central)");
        int failed = maven();
        if (failed != 0) {
            return failed;
        }
        Path archive = made.resolve("app.aot");
        Files.deleteIfExists(archive);
        List<String> options = options();
        writeArguments(options);
        show("Preparing fast starts");
        if (warmUp(archive)) {
            options.addFirst("-XX:AOTCache=" + slashes(archive));
            writeArguments(options);
        }
        Files.writeString(made.resolve("stamp"), began + System.lineSeparator());
        Files.setLastModifiedTime(made.resolve("stamp"), FileTime.from(began));
        show("Built in " + java.time.Duration.between(began, Instant.now()).toSeconds() + " s");
        endLine();
        return 0;
    }

    private int maven() throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        List<String> command =
                new ArrayList<>(List.of(root.resolve(windows ? "mvnw.cmd" : "mvnw").toString()));
        command.addAll(
                List.of(
                        "-B", "-pl", "localstack,gpu-runner/testing-nodes", "-am", "-Djacoco.skip", "-Dspotless.check.skip",
                        "compile", "jar:jar", "jar:test-jar", "dependency:build-classpath",
                        "-DincludeScope=runtime", "-Dmdep.outputFile=target/runtime.classpath"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process maven = builder.start();
        maven.getOutputStream().close();
        Deque<String> tail = new ArrayDeque<>();
        Path log = made.resolve("build.log");
        try (BufferedReader lines = maven.inputReader();
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
            Watch watch = new Watch();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(line);
                watch.see(line);
                keep(tail, line);
            }
        }
        int status = maven.waitFor();
        if (status != 0) {
            endLine();
            tail.forEach(System.err::println);
            System.err.println("The build failed; all of its output is in " + log + ".");
        }
        return status;
    }

    private static void keep(Deque<String> tail, String line) {
        tail.addLast(line);
        if (tail.size() > TAIL_LINES) {
            tail.removeFirst();
        }
    }

    /// Turns Maven's lines into one line of progress.
    private final class Watch {
        private String module = "";
        private int files;
        private double megabytes;

        void see(String line) {
            Matcher building = MODULE.matcher(line);
            if (building.find()) {
                module = "module %s of %s (%s)".formatted(building.group(2), building.group(3), building.group(1));
                print();
            }
            Matcher fetched = FETCHED.matcher(line);
            if (fetched.find()) {
                files++;
                megabytes += size(fetched.group(1), fetched.group(2));
                if (terminal) {
                    print();
                }
            }
        }

        private void print() {
            String done = files == 0 ? "" : String.format(Locale.ROOT, ", fetched %d files, %.0f MB", files, megabytes);
            show("Building " + module + done);
        }

        private static double size(String number, String unit) {
            double size = Double.parseDouble(number);
            return switch (unit) {
                case "GB" -> size * 1000;
                case "MB" -> size;
                case "kB" -> size / 1000;
                default -> size / 1_000_000;
            };
        }
    }

    private List<String> options() throws IOException {
        String version = "0.1.0-SNAPSHOT";
        Path jar = root.resolve("localstack/target/localstack-" + version + ".jar");
        String rest = Files.readString(root.resolve("localstack/target/runtime.classpath")).strip();
        List<String> options = new ArrayList<>();
        options.add("--enable-native-access=ALL-UNNAMED");
        options.add("--sun-misc-unsafe-memory-access=allow");
        options.add("-Xlog:disable");
        options.add("-Xlog:all=error:stderr");
        options.add("-Dlocalstack.home=" + slashes(root.resolve("localstack")));
        options.add("-cp");
        options.add(slashes(jar) + java.io.File.pathSeparator + rest.replace('\\', '/'));
        return options;
    }

    private void writeArguments(List<String> options) throws IOException {
        List<String> quoted = options.stream().map(option -> '"' + option + '"').toList();
        Files.write(made.resolve("java.args"), quoted);
    }

    /// A start and a stop that record which classes are needed; without them starts are slower, no more.
    private boolean warmUp(Path archive) throws IOException, InterruptedException {
        Process training =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:AOTCacheOutput=" + archive,
                                "@" + made.resolve("java.args"),
                                "comfyserverless.localstack.stack.WarmUp")
                        .redirectErrorStream(true)
                        .redirectOutput(made.resolve("warm-up.log").toFile())
                        .start();
        training.getOutputStream().close();
        return training.waitFor() == 0 && Files.exists(archive);
    }

    private boolean isStale() throws IOException {
        Path stamp = made.resolve("stamp");
        if (!Files.exists(stamp)) {
            return true;
        }
        FileTime built = Files.getLastModifiedTime(stamp);
        boolean[] newer = {Files.getLastModifiedTime(root.resolve("pom.xml")).compareTo(built) > 0};
        for (String part : List.of("functions", "gpu-runner", "localstack")) {
            Files.walkFileTree(root.resolve(part), new Newer(built, newer));
        }
        return newer[0];
    }

    /// Looks for sources that are newer than the stamp.
    private static final class Newer extends SimpleFileVisitor<Path> {
        private final FileTime built;
        private final boolean[] found;

        Newer(FileTime built, boolean[] found) {
            this.built = built;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean skipped =
                    name.equals("target") || folder.endsWith(Path.of("src", "test")) || folder.endsWith("data");
            return skipped ? FileVisitResult.SKIP_SUBTREE : visitFile(folder, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String text = slashes(file);
            boolean source = text.contains("/src/main/") || text.endsWith("/pom.xml") || text.endsWith(".java");
            if (source && attributes.lastModifiedTime().compareTo(built) > 0) {
                found[0] = true;
                return FileVisitResult.TERMINATE;
            }
            return FileVisitResult.CONTINUE;
        }
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    private void show(String text) {
        String line = text.length() > LINE_WIDTH ? text.substring(0, LINE_WIDTH) : text;
        if (terminal) {
            System.err.print("\r" + line + " ".repeat(Math.max(0, shown.length() - line.length())));
            System.err.flush();
        } else if (!line.equals(shown)) {
            System.err.println(line);
        }
        shown = line;
    }

    private void endLine() {
        if (terminal) {
            System.err.println();
        }
    }
}
