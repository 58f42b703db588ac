package comfyserverless.diffusion.goldens;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Finds golden files: in our test resources, or in the folder that `-Dgoldens.dir` names (which may lack any file).
///
/// Weights and traces come from our own resources always. `-Dgoldens.include=GLOB,…` keeps only the keys that a glob
/// matches; a key is named `file/key`: `unet/sd15/a.denoised`, and `**` matches across slashes.
public final class Goldens {

    /// Recorded JSON may hold `Infinity` and `NaN`, as Python writes them.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private static final String DIRECTORY = System.getProperty("goldens.dir", "");
    private static final List<PathMatcher> INCLUDED =
            Arrays.stream(System.getProperty("goldens.include", "").split(",", -1))
                    .filter(glob -> !glob.isBlank())
                    .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob.strip()))
                    .toList();

    private Goldens() {}

    /// The tensors of `unet/sd15` and the like; empty when the folder lacks the file.
    public static Optional<GoldenTensors> tensors(String name) {
        return bytes(name + ".safetensors").map(content -> GoldenTensors.of(name, content));
    }

    /// The JSON in `sigmas/sigmas` and the like; empty when the folder lacks the file.
    public static Optional<JsonNode> json(String name) {
        return bytes(name + ".json").map(Goldens::parse);
    }

    /// JSON beside the weights, or a trace: always our own.
    public static JsonNode ownJson(String name) {
        return parse(
                resource(name + ".json")
                        .orElseThrow(() -> new IllegalStateException("no golden " + name)));
    }

    /// Whether the key of a file is to be tested.
    public static boolean includes(String file, String key) {
        Path name = Path.of(file + "/" + key.replace('\0', '_'));
        return INCLUDED.isEmpty() || INCLUDED.stream().anyMatch(glob -> glob.matches(name));
    }

    /// The bytes of a golden file; empty when the folder lacks it.
    public static Optional<byte[]> bytes(String file) {
        if (DIRECTORY.isEmpty()) {
            return resource(file);
        }
        Path path = Path.of(DIRECTORY, file);
        try {
            return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<byte[]> resource(String file) {
        try (InputStream in = Goldens.class.getResourceAsStream("/goldens/" + file)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(byte[] content) {
        try {
            return JSON.readTree(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
