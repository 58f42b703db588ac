package comfyserverless.diffusion.goldens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.diffusion.torch.Shapes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The reduced synthetic checkpoints as files, made at the first use from goldens/weights/NAME.manifest.json, proved by
/// their recorded SHA-256, and kept under the project's `target/`.
public final class SyntheticModels {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CHUNK = 1 << 18;

    private SyntheticModels() {}

    /// The .safetensors file of a model: `sd15`, `sd15b-unet`, `lora-sd15`, …
    public static synchronized Path file(String name) {
        Path folder = projectRoot().resolve("target").resolve("synthetic-weights");
        Path file = folder.resolve(name + ".safetensors");
        if (!Files.exists(file)) {
            try {
                Files.createDirectories(folder);
                Path made = Files.createTempFile(folder, name, ".part");
                write(Goldens.ownJson("weights/" + name + ".manifest"), made, expectedHash(name));
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return file;
    }

    static void write(JsonNode manifest, Path path, String expectedHash) throws IOException {
        MessageDigest sha = sha256();
        try (OutputStream out = Files.newOutputStream(path)) {
            byte[] header = header(manifest);
            byte[] length = new byte[Long.BYTES];
            littleEndian(length).putLong(header.length);
            out.write(length);
            out.write(header);
            OutputStream data = new DigestOutputStream(out, sha);
            for (JsonNode tensor : manifest.path("tensors")) {
                writeTensor(data, tensor, manifest.path("salt").asText());
            }
        }
        String hash = HexFormat.of().formatHex(sha.digest());
        if (!hash.equals(expectedHash)) {
            Files.delete(path);
            throw new AssertionError(
                    "synthetic weights " + path + " hash to " + hash + ", not " + expectedHash);
        }
    }

    private static byte[] header(JsonNode manifest) {
        ObjectNode header = JSON.createObjectNode();
        if (manifest.has("metadata")) {
            header.set("__metadata__", manifest.path("metadata"));
        }
        long offset = 0;
        for (JsonNode tensor : manifest.path("tensors")) {
            ObjectNode entry = header.putObject(tensor.path("name").asText());
            entry.put("dtype", tensor.path("dtype").asText("F32"));
            entry.set("shape", tensor.path("shape"));
            entry.putArray("data_offsets").add(offset).add(offset + bytes(tensor));
            offset += bytes(tensor);
        }
        String text = header.toString();
        int padding = Math.floorMod(-text.getBytes(StandardCharsets.UTF_8).length, 8);
        return (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeTensor(OutputStream out, JsonNode tensor, String salt)
            throws IOException {
        if (tensor.has("const")) {
            writeConstant(out, tensor);
            return;
        }
        long seed = SyntheticTensors.seed(salt + "/" + tensor.path("name").asText());
        float a = (float) tensor.path("a").doubleValue();
        float c = (float) tensor.path("c").doubleValue();
        long count = bytes(tensor) / Float.BYTES;
        for (long from = 0; from < count; from += CHUNK) {
            float[] numbers = new float[(int) Math.min(CHUNK, count - from)];
            SyntheticTensors.fill(numbers, seed, from, a, c);
            byte[] bytes = new byte[numbers.length * Float.BYTES];
            littleEndian(bytes).asFloatBuffer().put(numbers);
            out.write(bytes);
        }
    }

    private static void writeConstant(OutputStream out, JsonNode tensor) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(bytes(tensor))];
        boolean whole = tensor.path("dtype").asText().equals("I64");
        writeNumbers(littleEndian(bytes), tensor.path("const"), whole);
        out.write(bytes);
    }

    private static void writeNumbers(ByteBuffer out, JsonNode value, boolean whole) {
        if (value.isArray()) {
            value.forEach(element -> writeNumbers(out, element, whole));
        } else if (whole) {
            out.putLong(value.longValue());
        } else {
            out.putFloat((float) value.doubleValue());
        }
    }

    private static long bytes(JsonNode tensor) {
        JsonNode shape = tensor.path("shape");
        long[] sizes = new long[shape.size()];
        Arrays.setAll(sizes, i -> shape.get(i).longValue());
        return Shapes.count(sizes) * (tensor.path("dtype").asText().equals("I64") ? 8 : 4);
    }

    private static String expectedHash(String name) {
        JsonNode first = Goldens.ownJson("weights/checkpoint_data_sha256").path(name);
        JsonNode found =
                first.isMissingNode()
                        ? Goldens.ownJson("weights/checkpoint_data_sha256-add").path(name)
                        : first;
        return found.path("data_sha256").asText();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path projectRoot() {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                return at;
            }
        }
        return here;
    }
}
