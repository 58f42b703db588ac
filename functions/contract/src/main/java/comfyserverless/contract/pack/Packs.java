package comfyserverless.contract.pack;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.table.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/// The packs of a process. One that is broken, or clashes with another, is left out with a sentence that
/// names it; the others are loaded all the same.
///
/// @param all those that were loaded, the class path's first
/// @param refused a sentence for each that was not
public record Packs(List<LoadedPack> all, List<String> refused) implements AutoCloseable {
    /// What the half for the functions may use.
    public static final Set<String> FOR_FUNCTIONS =
            Set.of("comfyserverless.contract.", "com.fasterxml.jackson.", "org.jspecify.");

    public static final Packs NONE = new Packs(List.of(), List.of());

    /// A pack may bring routes alone, which functions load by this service.
    private static final String ROUTES =
            "META-INF/services/comfyserverless.routeapi.RouteExtension";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    public Packs {
        all = List.copyOf(all);
        refused = List.copyOf(refused);
    }

    public List<NodePack> packs() {
        return all.stream().map(LoadedPack::pack).toList();
    }

    /// Changes whenever a pack comes, goes or is built anew: what older packs made is another thing then.
    public String digest() {
        StringBuilder text = new StringBuilder();
        for (LoadedPack pack : all) {
            text.append(pack.name()).append('\n').append(PackDigest.of(pack.places())).append('\n');
        }
        return Digests.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Lets go of their jars.
    @Override
    public void close() {
        all.forEach(LoadedPack::close);
    }

    /// Loads them.
    ///
    /// @param taken class names that are ComfyUI's own
    /// @param shared the packages of ours that they may use, each with a dot at its end
    public static Packs load(PackSources sources, Set<String> taken, Set<String> shared) {
        Loading loading = new Loading(taken);
        ClassLoader ours = NodePack.class.getClassLoader();
        ServiceLoader.load(NodePack.class, ours).stream()
                .forEach(found ->
                        loading.attempt(found.type().getName(), () -> onClassPath(found.get())));
        for (Path entry : sources.entries()) {
            String source = entry.getFileName().toString();
            loading.attempt(source, () -> inFile(entry, source, shared));
        }
        return new Packs(loading.loaded, loading.refused);
    }

    private static LoadedPack onClassPath(NodePack pack) {
        Class<?> type = pack.getClass();
        CodeSource code = type.getProtectionDomain().getCodeSource();
        try {
            List<Path> places =
                    code == null ? List.of() : List.of(Path.of(code.getLocation().toURI()));
            return new LoadedPack(pack, pack.name(), type.getClassLoader(), places);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("its place is no file: " + code, e);
        }
    }

    private static LoadedPack inFile(Path entry, String source, Set<String> shared) {
        List<Path> places = places(entry);
        PackClasses classes = new PackClasses(source, urls(places), shared);
        try {
            return new LoadedPack(pack(classes, source, places), source, classes, places);
        } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
            close(classes, e);
            throw e;
        }
    }

    private static void close(PackClasses classes, Throwable why) {
        try {
            classes.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static NodePack pack(PackClasses classes, String source, List<Path> places) {
        List<NodePack> found = new ArrayList<>();
        ServiceLoader.load(NodePack.class, classes).forEach(found::add);
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    "it has "
                            + found.size()
                            + " services "
                            + NodePack.class.getName()
                            + " where one is allowed");
        }
        boolean routes = classes.getResource(ROUTES) != null;
        if (found.isEmpty() && !routes && !PackContent.isIn(places)) {
            throw new IllegalArgumentException(
                    "it has neither META-INF/services/"
                            + NodePack.class.getName()
                            + " nor "
                            + ROUTES
                            + " nor one of the folders "
                            + String.join(", ", PackContent.FOLDERS));
        }
        return found.isEmpty() ? new ContentPack(withoutEnding(source)) : found.getFirst();
    }

    private static String withoutEnding(String source) {
        return source.endsWith(".jar")
                ? source.substring(0, source.length() - ".jar".length())
                : source;
    }

    private static List<Path> places(Path entry) {
        if (!Files.isDirectory(entry)) {
            return List.of(entry);
        }
        try (Stream<Path> files = Files.list(entry)) {
            Stream<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted();
            return Stream.concat(Stream.of(entry), jars).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("it cannot be listed", e);
        }
    }

    private static List<URL> urls(List<Path> places) {
        List<URL> urls = new ArrayList<>();
        for (Path place : places) {
            try {
                urls.add(place.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(place + " has no URL", e);
            }
        }
        return urls;
    }

    @FunctionalInterface
    private interface Attempt {
        LoadedPack load();
    }

    private static final class Loading {
        private final Map<String, String> owners = new HashMap<>();
        private final Set<String> names = new HashSet<>();
        private final List<LoadedPack> loaded = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        Loading(Set<String> taken) {
            taken.forEach(name -> owners.put(name, "ComfyUI's own nodes"));
        }

        void attempt(String source, Attempt attempt) {
            try {
                LoadedPack found = attempt.load();
                try {
                    add(found);
                } catch (RuntimeException | LinkageError e) {
                    found.close();
                    throw e;
                }
            } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
                refused.add(sentence(source, e));
            }
        }

        private void add(LoadedPack found) {
            if (!NAME.matcher(found.name()).matches()) {
                throw new IllegalArgumentException(
                        "its name \""
                                + found.name()
                                + "\" is not made of letters, digits, -, _ and . alone");
            }
            if (names.contains(found.name())) {
                throw new IllegalArgumentException(
                        "another pack is named " + found.name() + " too; rename one of them");
            }
            Set<String> own = new HashSet<>();
            for (NodeDefinition node : found.pack().definitions()) {
                String owner = own.add(node.className()) ? owners.get(node.className()) : "itself";
                if (owner != null) {
                    throw new IllegalArgumentException(
                            "its node class "
                                    + node.className()
                                    + " is also in "
                                    + owner
                                    + "; rename one of them");
                }
            }
            names.add(found.name());
            own.forEach(name -> owners.put(name, "the node pack " + found.name()));
            loaded.add(found);
        }
    }

    /// How a pack that does not load is reported: what is wrong, where, and what its author can do.
    public static String sentence(String source, Throwable reason) {
        Throwable root = reason;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = reason.getMessage();
        String more = root.equals(reason) ? "" : " (" + root + at(root) + ")";
        return "The node pack "
                + source
                + " was left out: "
                + (message == null ? reason.getClass().getName() : message)
                + more
                + advice(root)
                + ".";
    }

    /// Where an exception of a pack's own code was thrown.
    private static String at(Throwable root) {
        StackTraceElement[] trace = root.getStackTrace();
        return trace.length == 0 || root instanceof LinkageError ? "" : " at " + trace[0];
    }

    private static String advice(Throwable root) {
        return switch (root) {
            case UnsupportedClassVersionError _ ->
                    "; compile it for Java " + Runtime.version().feature() + " or older";
            case LinkageError _, ClassNotFoundException _ ->
                    "; build it against this version of node-api and contract, and put what else it"
                            + " needs into its jar";
            case ZipException _ -> "; it is no whole jar: build or copy it again";
            default -> "";
        };
    }
}
