package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The recorded cases of the real server that lie in the test resources, or in another folder by
/// `-Dconformance.dir`.
public final class Recordings {
    private static final Set<String> TEXTS =
            Set.of("tooltip", "description", "output_tooltips", "deprecated_reason");

    /// Folders of the corpus that hold no cases.
    private static final Set<String> NO_CASES = Set.of("files", "data", "fixtures");

    private Recordings() {}

    /// One case.
    public record Case(String area, String name, JsonNode json) {
        public boolean is(String tag) {
            for (JsonNode t : json.path("tags")) {
                if (t.asText().equals(tag)) {
                    return true;
                }
            }
            return false;
        }

        /// Where it lies in the corpus: `area/name.json`.
        public String file() {
            return this + ".json";
        }

        @Override
        public String toString() {
            return area + "/" + name;
        }
    }

    /// Every case of the corpus, by area and name.
    public static List<Case> all() {
        Path folder = folder();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Case> cases = new ArrayList<>();
            for (Path file : files.filter(f -> isCase(folder.relativize(f))).sorted().toList()) {
                JsonNode json = read(file);
                if (json.has("steps")) {
                    cases.add(new Case(area(folder.relativize(file)), name(file), json));
                }
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isCase(Path relative) {
        return relative.getNameCount() > 1
                && !NO_CASES.contains(relative.getName(0).toString())
                && relative.toString().endsWith(".json");
    }

    private static String area(Path relative) {
        String parent = String.valueOf(relative.getParent());
        return parent.replace('\\', '/');
    }

    /// The cases of an area (`prompt`, `http`), by name.
    public static List<Case> of(String area) {
        try (Stream<Path> files = Files.list(folder().resolve(area))) {
            return files.filter(f -> f.toString().endsWith(".json"))
                    .sorted()
                    .map(f -> new Case(area, name(f), read(f)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file of recorded facts (`data/object_info.json`).
    public static JsonNode data(String name) {
        return read(folder().resolve("data").resolve(name));
    }

    /// A file that cases upload (`rgb.png`).
    public static byte[] file(String name) {
        try {
            return Files.readAllBytes(folder().resolve("files").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies what the recorded server had at its start (`models`, `input`, `custom_nodes`) into a folder.
    ///
    /// @return the files' paths within it
    public static List<Path> copyFixtures(Path to) {
        Path fixtures = folder().resolve("fixtures");
        List<Path> copied = new ArrayList<>();
        try (Stream<Path> files = Files.walk(fixtures)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(fixtures.relativize(file).toString());
                Files.createDirectories(target.resolveSibling("."));
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                copied.add(to.relativize(target));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copied;
    }

    /// The JSON without tooltips and descriptions: what the recordings hold of /object_info.
    public static JsonNode facts(JsonNode json) {
        if (json instanceof ObjectNode object) {
            ObjectNode facts = Json.object();
            object.properties()
                    .forEach(e -> {
                        if (!TEXTS.contains(e.getKey())) {
                            facts.set(e.getKey(), facts(e.getValue()));
                        }
                    });
            return facts;
        }
        if (json instanceof ArrayNode array) {
            ArrayNode facts = Json.mapper().createArrayNode();
            array.forEach(item -> facts.add(facts(item)));
            return facts;
        }
        return json;
    }

    private static synchronized Path folder() {
        String other = System.getProperty("conformance.dir");
        if (other != null) {
            return Path.of(other);
        }
        URL resource = Recordings.class.getResource("/conformance");
        if (resource == null) {
            throw new IllegalStateException("the test resources have no folder conformance");
        }
        try {
            return folder(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A folder of the class path, inside a jar too.
    private static Path folder(URI uri) {
        if (!uri.getScheme().equals("jar")) {
            return Path.of(uri);
        }
        try {
            return Path.of(uri);
        } catch (FileSystemNotFoundException notOpenYet) {
            try {
                FileSystems.newFileSystem(uri, Map.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Path.of(uri);
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".json".length());
    }

    private static JsonNode read(Path file) {
        try {
            return Json.readStored(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
