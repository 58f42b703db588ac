package comfyserverless.runner.nodes.latent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.NodeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Latents in files of safetensors (`.latent`), as ComfyUI writes them.
final class LatentFile {
    private static final String TENSOR = "latent_tensor";
    private static final String VERSION = "latent_format_version_0";

    /// What older files lack: the scale of Stable Diffusion 1.
    private static final float OLD_SCALE = (float) (1.0 / 0.18215);

    private LatentFile() {}

    static byte[] write(Latent latent, Map<String, String> texts) {
        int length = latent.data().length * Float.BYTES;
        ObjectNode header = Json.object();
        ObjectNode metadata = header.putObject("__metadata__");
        texts.forEach(metadata::put);
        entry(header.putObject(VERSION), 0, 0).putArray("shape").add(0);
        entry(header.putObject(TENSOR), 0, length)
                .putArray("shape")
                .add(latent.batch())
                .add(latent.channels())
                .add(latent.height())
                .add(latent.width());
        byte[] json = Json.writeBytes(header);
        int padded = Math.ceilDiv(json.length, 8) * 8;
        ByteBuffer file = ByteBuffer.allocate(8 + padded + length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded)
                .put(json)
                .put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
        file.asFloatBuffer().put(latent.data());
        return file.array();
    }

    private static ObjectNode entry(ObjectNode entry, int from, int to) {
        entry.put("dtype", "F32").putArray("data_offsets").add(from).add(to);
        return entry;
    }

    /// Reads a file.
    ///
    /// @throws NodeException if it is none, or its latent has no four dimensions
    static Latent read(byte[] content, String name) {
        ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        long length = content.length < 8 ? -1 : file.getLong();
        if (length < 2 || length > content.length - 8) {
            throw broken(name, "no header of safetensors");
        }
        JsonNode header = header(content, (int) length, name);
        JsonNode tensor = header.path(TENSOR);
        int[] shape = numbers(tensor.path("shape"));
        int[] bounds = numbers(tensor.path("data_offsets"));
        if (shape.length != 4 || bounds.length != 2) {
            throw broken(name, "no latent of four dimensions");
        }
        String type = tensor.path("dtype").asText();
        int size = type.equals("F32") ? Float.BYTES : Short.BYTES;
        long count = (long) shape[0] * shape[1] * shape[2] * shape[3];
        long start = 8 + length + bounds[0];
        if (bounds[0] < 0
                || count * size != bounds[1] - bounds[0]
                || start + count * size > content.length) {
            throw broken(name, "offsets outside the file");
        }
        float scale = header.has(VERSION) ? 1f : OLD_SCALE;
        float[] data = new float[(int) count];
        file.position((int) start);
        for (int i = 0; i < data.length; i++) {
            float value =
                    switch (type) {
                        case "F32" -> file.getFloat();
                        case "F16" -> Float.float16ToFloat(file.getShort());
                        case "BF16" -> Float.intBitsToFloat(file.getShort() << 16);
                        default -> throw broken(name, "numbers of the type " + type);
                    };
            data[i] = value * scale;
        }
        return new Latent(data, shape[0], shape[1], shape[2], shape[3]);
    }

    private static JsonNode header(byte[] content, int length, String name) {
        try {
            return Json.readStored(Arrays.copyOfRange(content, 8, 8 + length));
        } catch (RuntimeException e) {
            throw new NodeException("ValueError", name + " has a broken header", e);
        }
    }

    private static int[] numbers(JsonNode array) {
        int[] numbers = new int[array.size()];
        Arrays.setAll(numbers, i -> array.get(i).asInt(-1));
        return numbers;
    }

    private static NodeException broken(String name, String what) {
        return new NodeException("ValueError", name + " is no latent file: " + what);
    }
}
