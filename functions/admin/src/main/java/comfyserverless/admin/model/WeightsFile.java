package comfyserverless.admin.model;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.admin.report.Refusal;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a file of weights is, looked at before it is stored: a .safetensors file by its whole header, a pickled one by
/// its first bytes. Nothing of it is executed.
final class WeightsFile {
    private static final long LONGEST_HEADER = 100_000_000;
    private static final Set<String> SAFETENSORS = Set.of(".safetensors", ".sft");
    private static final Set<String> PICKLED =
            Set.of(".ckpt", ".pt", ".pt2", ".bin", ".pth", ".pkl");
    private static final Map<String, Integer> BITS =
            Map.ofEntries(
                    Map.entry("BOOL", 8),
                    Map.entry("U8", 8),
                    Map.entry("I8", 8),
                    Map.entry("F8_E4M3", 8),
                    Map.entry("F8_E5M2", 8),
                    Map.entry("F8_E8M0", 8),
                    Map.entry("F4", 4),
                    Map.entry("F6_E2M3", 6),
                    Map.entry("F6_E3M2", 6),
                    Map.entry("I16", 16),
                    Map.entry("U16", 16),
                    Map.entry("F16", 16),
                    Map.entry("BF16", 16),
                    Map.entry("I32", 32),
                    Map.entry("U32", 32),
                    Map.entry("F32", 32),
                    Map.entry("C64", 64),
                    Map.entry("F64", 64),
                    Map.entry("I64", 64),
                    Map.entry("U64", 64));

    private final Path file;
    private final String name;

    /// @param name what it will be called, which says what it ought to be
    WeightsFile(Path file, String name) {
        this.file = file;
        this.name = name;
    }

    /// What it was found to be.
    enum Kind {
        SAFETENSORS,
        /// Python's own format, which may hold programs.
        PICKLED,
        /// No weights: a configuration, a preview.
        OTHER
    }

    /// Looks at it.
    ///
    /// @throws Refusal if it is not what its name says, or damaged
    Kind check() throws IOException {
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                throw refused("it is empty");
            }
            if (SAFETENSORS.contains(extension)) {
                header(channel);
                return Kind.SAFETENSORS;
            }
            return PICKLED.contains(extension) ? pickled(channel) : Kind.OTHER;
        }
    }

    private Kind pickled(FileChannel channel) throws IOException {
        ByteBuffer first = bytes(channel, 0, (int) Math.min(4, channel.size()));
        boolean zip = first.remaining() == 4 && first.getInt(0) == 0x04034b50;
        boolean pickle = first.get(0) == (byte) 0x80;
        if (!zip && !pickle) {
            throw refused(
                    "it begins neither as PyTorch's zip archives do nor as a pickle does (is it a web page, or"
                            + " a .safetensors file with another name?)");
        }
        return Kind.PICKLED;
    }

    private void header(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw damaged("it has only " + size + " bytes");
        }
        long length = bytes(channel, 0, 8).getLong();
        if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
            throw damaged(
                    "its header claims "
                            + Long.toUnsignedString(length)
                            + " bytes, the file has "
                            + size);
        }
        JsonNode json = parsed(bytes(channel, 8, (int) length));
        List<Tensor> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.add(tensor(entry.getKey(), entry.getValue(), size - 8 - length));
            }
        }
        tensors.sort(Comparator.comparingLong(Tensor::begin));
        for (int i = 1; i < tensors.size(); i++) {
            if (tensors.get(i).begin() < tensors.get(i - 1).end()) {
                throw damaged(
                        "the tensors "
                                + tensors.get(i - 1).name()
                                + " and "
                                + tensors.get(i).name()
                                + " overlap");
            }
        }
    }

    private record Tensor(String name, long begin, long end) {}

    private JsonNode parsed(ByteBuffer header) {
        byte[] utf8 = new byte[header.remaining()];
        header.get(utf8);
        try {
            JsonNode json = Json.readStored(utf8);
            if (json.isObject()) {
                return json;
            }
            throw damaged("its header is no JSON object");
        } catch (MalformedJson e) {
            throw new Refusal(sentence("its header is no JSON: " + e.getMessage()), e);
        }
    }

    private Tensor tensor(String tensor, JsonNode json, long most) {
        String type = json.path("dtype").asText();
        Integer bits = BITS.get(type);
        if (bits == null) {
            throw damaged("the tensor " + tensor + " has the unknown type \"" + type + "\"");
        }
        JsonNode offsets = json.path("data_offsets");
        if (!json.path("shape").isArray() || offsets.size() != 2) {
            throw damaged("the tensor " + tensor + " lacks its shape or its two data_offsets");
        }
        long begin = whole(tensor, offsets.get(0));
        long end = whole(tensor, offsets.get(1));
        if (begin > end) {
            throw damaged("the tensor " + tensor + " ends before it begins");
        }
        if (end > most) {
            throw damaged(
                    "the tensor "
                            + tensor
                            + " lies beyond the end of the file by "
                            + (end - most)
                            + " bytes: the file is cut off");
        }
        if (taken(tensor, json.path("shape"), bits) != end - begin) {
            throw damaged(
                    "the tensor "
                            + tensor
                            + " of "
                            + type
                            + json.path("shape")
                            + " does not take "
                            + (end - begin)
                            + " bytes");
        }
        return new Tensor(tensor, begin, end);
    }

    private long taken(String tensor, JsonNode shape, int bits) {
        try {
            long count = 1;
            for (JsonNode size : shape) {
                count = Math.multiplyExact(count, whole(tensor, size));
            }
            return Math.ceilDiv(Math.multiplyExact(count, bits), 8);
        } catch (ArithmeticException e) {
            throw new Refusal(
                    sentence("the tensor " + tensor + " has the impossible shape " + shape), e);
        }
    }

    private long whole(String tensor, JsonNode number) {
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
            throw damaged(
                    "the tensor " + tensor + " has \"" + number + "\" for a size or an offset");
        }
        return number.longValue();
    }

    private ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw damaged("it ended while its header was read");
            }
        }
        return buffer.flip();
    }

    private Refusal damaged(String what) {
        return new Refusal(sentence(what));
    }

    private String sentence(String what) {
        return file + " is no usable .safetensors file, " + what + ": download or copy it again.";
    }

    private Refusal refused(String what) {
        return new Refusal(file + " cannot be stored as " + name + ": " + what + ".");
    }
}
