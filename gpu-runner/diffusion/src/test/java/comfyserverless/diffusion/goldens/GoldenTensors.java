package comfyserverless.diffusion.goldens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A golden .safetensors file in memory: stored tensors, generated inputs, and the metadata.
public final class GoldenTensors {

    private static final JsonMapper JSON = new JsonMapper();

    private final String file;
    private final JsonNode header;
    private final ByteBuffer data;

    private GoldenTensors(String file, JsonNode header, ByteBuffer data) {
        this.file = file;
        this.header = header;
        this.data = data;
    }

    static GoldenTensors of(String file, byte[] content) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            int length = Math.toIntExact(bytes.getLong());
            JsonNode header = JSON.readTree(content, 8, length);
            return new GoldenTensors(
                    file,
                    header,
                    bytes.slice(8 + length, content.length - 8 - length)
                            .order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The names of the stored tensors that are to be tested, in the file's order.
    public List<String> keys() {
        return header.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> !key.equals("__metadata__") && Goldens.includes(file, key))
                .toList();
    }

    /// The parts before the last dot of the names to be tested: `b_batch2.x` is of the case `b_batch2`.
    public Set<String> cases() {
        Set<String> cases = new LinkedHashSet<>();
        keys().forEach(key -> cases.add(key.substring(0, key.lastIndexOf('.'))));
        return cases;
    }

    public boolean contains(String key) {
        return header.has(key);
    }

    /// A stored tensor as float32, or the generated input of that name.
    public HostTensor tensor(String key) {
        return find(key).orElseThrow(() -> new IllegalArgumentException(file + " lacks " + key));
    }

    /// A stored tensor as float32, or the generated input of that name; empty when the file has neither.
    public Optional<HostTensor> find(String key) {
        JsonNode entry = header.path(key);
        if (!entry.isMissingNode()) {
            return Optional.of(stored(key, entry));
        }
        JsonNode recipe = metadataJson("generated").path(key);
        return recipe.isMissingNode() ? Optional.empty() : Optional.of(generated(recipe));
    }

    /// One metadata text; empty text when it is not there.
    public String metadata(String name) {
        return header.path("__metadata__").path(name).asText();
    }

    /// One metadata text that holds JSON; a missing node when it is not there.
    public JsonNode metadataJson(String name) {
        String text = metadata(name);
        try {
            return text.isEmpty() ? JSON.missingNode() : JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HostTensor stored(String key, JsonNode entry) {
        long[] shape = longs(entry.path("shape"));
        float[] numbers = new float[Math.toIntExact(Shapes.count(shape))];
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(Math.toIntExact(entry.path("data_offsets").get(0).longValue()));
        String type = entry.path("dtype").asText();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    switch (type) {
                        case "F32" -> bytes.getFloat();
                        case "F64" -> (float) bytes.getDouble();
                        case "F16" -> Float.float16ToFloat(bytes.getShort());
                        case "I64" -> bytes.getLong();
                        case "I32" -> bytes.getInt();
                        case "U8", "BOOL" -> bytes.get() & 0xff;
                        default ->
                                throw new IllegalArgumentException(
                                        file + ": " + key + " has the type " + type);
                    };
        }
        return new HostTensor(numbers, shape);
    }

    private static HostTensor generated(JsonNode recipe) {
        return SyntheticTensors.tensor(
                recipe.path("seed").asText(),
                (float) recipe.path("a").doubleValue(),
                (float) recipe.path("c").doubleValue(),
                longs(recipe.path("shape")));
    }

    private static long[] longs(JsonNode array) {
        long[] numbers = new long[array.size()];
        Arrays.setAll(numbers, i -> array.get(i).longValue());
        return numbers;
    }
}
