package comfyserverless.diffusion.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The checked header of a .safetensors file: an unsigned 64-bit length, JSON of that length, then the tensors' bytes.
///
/// Nothing is mapped or read beyond the header before every range has been found inside the file.
public record SafetensorsHeader(
        Path file, Map<String, TensorEntry> tensors, Map<String, String> metadata) {

    private static final long MAX_HEADER_BYTES = 100_000_000;
    private static final String METADATA = "__metadata__";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /// Reads and checks a header.
    ///
    /// @throws ModelFileException when the file is no safetensors file or is damaged
    public static SafetensorsHeader read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Reader(file, channel.size()).read(channel);
        }
    }

    private record Reader(Path file, long fileBytes) {

        SafetensorsHeader read(FileChannel channel) throws IOException {
            FileKinds.refuseOthers(file, bytes(channel, 0, (int) Math.min(fileBytes, 64)));
            if (fileBytes < 8) {
                throw damaged("it has only " + fileBytes + " bytes");
            }
            long length = bytes(channel, 0, 8).getLong();
            if (length < 2 || length > MAX_HEADER_BYTES || length > fileBytes - 8) {
                throw damaged(
                        "its header claims %s bytes, the file has %d"
                                .formatted(Long.toUnsignedString(length), fileBytes));
            }
            JsonNode json = parse(bytes(channel, 8, (int) length));
            Map<String, TensorEntry> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (field.getKey().equals(METADATA)) {
                    field.getValue()
                            .properties()
                            .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
                } else {
                    tensors.put(
                            field.getKey(), entry(field.getKey(), field.getValue(), 8 + length));
                }
            }
            refuseOverlaps(tensors);
            return new SafetensorsHeader(file, tensors, metadata);
        }

        private TensorEntry entry(String name, JsonNode json, long dataBegin) {
            String typeName = json.path("dtype").asText();
            DType dtype =
                    DType.ofSafetensors(typeName)
                            .orElseThrow(() ->
                                    damaged(
                                            "tensor %s has the unknown type '%s'"
                                                    .formatted(name, typeName)));
            List<Long> shape = new ArrayList<>();
            for (JsonNode size : json.path("shape")) {
                shape.add(wholeNumber(name, size));
            }
            JsonNode offsets = json.path("data_offsets");
            if (!json.path("shape").isArray() || offsets.size() != 2) {
                throw damaged("tensor " + name + " lacks its shape or its two data_offsets");
            }
            long begin = wholeNumber(name, offsets.get(0));
            long end = wholeNumber(name, offsets.get(1));
            long dataBytes = fileBytes - dataBegin;
            if (begin > end) {
                throw damaged("tensor " + name + " ends before it begins");
            }
            if (end > dataBytes) {
                throw damaged(
                        "tensor %s lies beyond the end of the file by %d bytes: the file is cut off"
                                .formatted(name, end - dataBytes));
            }
            if (bytesOf(name, dtype, shape) != end - begin) {
                throw damaged(
                        "tensor %s of %s%s does not take %d bytes"
                                .formatted(name, dtype, shape, end - begin));
            }
            return new TensorEntry(dtype, shape, dataBegin + begin, dataBegin + end);
        }

        private long bytesOf(String name, DType dtype, List<Long> shape) {
            try {
                long count = Shapes.count(shape.stream().mapToLong(Long::longValue).toArray());
                return Math.multiplyExact(count, dtype.bytes());
            } catch (ArithmeticException e) {
                throw damaged("tensor " + name + " has the impossible shape " + shape);
            }
        }

        private long wholeNumber(String name, JsonNode json) {
            if (!json.canConvertToExactIntegral()
                    || !json.canConvertToLong()
                    || json.longValue() < 0) {
                throw damaged("tensor " + name + " has '" + json + "' for a size or offset");
            }
            return json.longValue();
        }

        private void refuseOverlaps(Map<String, TensorEntry> tensors) {
            List<Map.Entry<String, TensorEntry>> ordered = new ArrayList<>(tensors.entrySet());
            ordered.sort(Comparator.comparingLong(entry -> entry.getValue().begin()));
            for (int i = 1; i < ordered.size(); i++) {
                if (ordered.get(i).getValue().begin() < ordered.get(i - 1).getValue().end()) {
                    throw damaged(
                            "tensors %s and %s overlap"
                                    .formatted(
                                            ordered.get(i - 1).getKey(), ordered.get(i).getKey()));
                }
            }
        }

        private JsonNode parse(ByteBuffer header) {
            try {
                JsonNode json = JSON.readTree(StandardCharsets.UTF_8.decode(header).toString());
                if (!json.isObject()) {
                    throw damaged("its header is no JSON object");
                }
                return json;
            } catch (JsonProcessingException e) {
                throw damaged("its header is no valid JSON: " + e.getOriginalMessage());
            }
        }

        private ByteBuffer bytes(FileChannel channel, long position, int length)
                throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw damaged("it ended while its header was read");
                }
            }
            return buffer.flip();
        }

        private ModelFileException damaged(String what) {
            return new ModelFileException(
                    file,
                    "not a usable .safetensors file, " + what + ". Download or copy it again.");
        }
    }
}
