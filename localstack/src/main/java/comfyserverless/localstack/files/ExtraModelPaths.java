package comfyserverless.localstack.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Further model folders of a ComfyUI, as its `extra_model_paths.yaml` names them: sections of
/// `folder: path` (several paths on lines of their own) below an optional `base_path`; a section with
/// `is_default` comes before the folders known so far (load_extra_path_config, ComfyUI 0.3.64).
public final class ExtraModelPaths {
    public static final String FILE = "extra_model_paths.yaml";

    private static final String BASE = "base_path";
    private static final String FIRST = "is_default";

    /// The names of older configurations.
    private static final Map<String, String> RENAMED =
            Map.of("unet", "diffusion_models", "clip", "text_encoders");

    private ExtraModelPaths() {}

    /// `roots` with the folders that `file` adds; as they are if there is no such file.
    ///
    /// @throws IllegalArgumentException if the file is no YAML of that form; the message names it
    public static Map<String, List<Path>> add(Map<String, List<Path>> roots, Path file) {
        Map<String, List<Path>> all = new LinkedHashMap<>();
        roots.forEach((folder, paths) -> all.put(folder, new ArrayList<>(paths)));
        if (!Files.isRegularFile(file)) {
            return all;
        }
        for (JsonNode section : read(file)) {
            Path base = file.toAbsolutePath().resolveSibling(home(section.path(BASE).asText("")));
            boolean first = section.path(FIRST).asBoolean(false);
            section.properties().stream()
                    .filter(entry -> !entry.getKey().equals(BASE) && !entry.getKey().equals(FIRST))
                    .forEach(entry -> {
                        String folder = RENAMED.getOrDefault(entry.getKey(), entry.getKey());
                        List<Path> paths = all.computeIfAbsent(folder, _ -> new ArrayList<>());
                        addTo(paths, first, base, entry.getValue().asText(""));
                    });
        }
        return all;
    }

    private static void addTo(List<Path> paths, boolean first, Path base, String lines) {
        for (String line : lines.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
            Path path = base.resolve(home(line)).normalize();
            if (first) {
                paths.remove(path);
                paths.addFirst(path);
            } else if (!paths.contains(path)) {
                paths.add(path);
            }
        }
    }

    private static JsonNode read(Path file) {
        try {
            return new YAMLMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + " is not readable as YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String home(String path) {
        return path.equals("~") || path.startsWith("~/")
                ? System.getProperty("user.home") + path.substring(1)
                : path;
    }
}
