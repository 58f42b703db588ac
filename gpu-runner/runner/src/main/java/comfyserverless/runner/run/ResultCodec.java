package comfyserverless.runner.run;

import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Results as bytes: tensors as 32-bit floats, plain values as JSON, handles as their host writes them. A
/// handle that stays where it was made leaves its result without bytes; so does a value that blocks what
/// follows.
final class ResultCodec {
    private static final int VERSION = 1;
    private final HandleStore handles;

    private static final class NoBytes extends IOException {
        private static final long serialVersionUID = 1;
    }

    ResultCodec(HandleStore handles) {
        this.handles = handles;
    }

    Optional<byte[]> encode(NodeResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(result.outputs().size());
            for (List<Value> items : result.outputs()) {
                write(out, items);
            }
        } catch (NoBytes e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a result cannot be written", e);
        }
        return Optional.of(bytes.toByteArray());
    }

    private void write(DataOutputStream out, List<Value> items) throws IOException {
        out.writeInt(items.size());
        for (Value item : items) {
            write(out, item);
        }
    }

    private void write(DataOutputStream out, Value value) throws IOException {
        switch (value) {
            case Value.Json json -> {
                out.writeByte('j');
                bytes(out, Json.writeBytes(json.node()));
            }
            case Image i -> {
                out.writeByte('i');
                floats(out, i.data(), i.batch(), i.height(), i.width(), i.channels());
            }
            case Mask m -> {
                out.writeByte('m');
                floats(out, m.data(), m.batch(), m.height(), m.width());
            }
            case Latent l -> {
                out.writeByte('l');
                floats(out, l.data(), l.batch(), l.channels(), l.height(), l.width());
                Mask mask = l.noiseMask();
                write(out, mask == null ? List.of() : List.of(mask));
                out.writeInt(l.batchIndex().size());
                for (int index : l.batchIndex()) {
                    out.writeInt(index);
                }
            }
            case Audio a -> {
                out.writeByte('a');
                floats(out, a.data(), a.batch(), a.channels(), a.samples(), a.sampleRate());
            }
            case Video.Frames v -> {
                out.writeByte('v');
                Audio audio = v.audio();
                write(out, audio == null ? List.of(v.images()) : List.of(v.images(), audio));
                out.writeDouble(v.frameRate());
            }
            case Video.Encoded v -> {
                out.writeByte('f');
                bytes(out, v.content());
                out.writeUTF(v.name());
            }
            case Value.Many many -> {
                out.writeByte('*');
                write(out, many.items());
            }
            case Value.Handle handle -> {
                byte[] stored = handles.store(handle).orElseThrow(NoBytes::new);
                out.writeByte('h');
                bytes(out, stored);
            }
            case Value.Fields fields -> {
                out.writeByte('o');
                out.writeInt(fields.fields().size());
                for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
                    bytes(out, field.getKey().getBytes(StandardCharsets.UTF_8));
                    write(out, field.getValue());
                }
            }
            case Value.Blocker _ -> throw new NoBytes();
        }
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void floats(DataOutputStream out, float[] data, int... shape)
            throws IOException {
        for (int size : shape) {
            out.writeInt(size);
        }
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(data.length, Float.BYTES));
        buffer.asFloatBuffer().put(data);
        bytes(out, buffer.array());
    }

    /// The result behind bytes of [#encode]; empty for those of another version of this class.
    ///
    /// @throws UncheckedIOException if they are cut off or none of ours
    Optional<NodeResult> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return Optional.empty();
            }
            int count = in.readInt();
            List<List<Value>> outputs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                outputs.add(readAll(in));
            }
            return Optional.of(new NodeResult(outputs, null, null));
        } catch (IOException e) {
            throw new UncheckedIOException("a kept result cannot be read", e);
        }
    }

    private List<Value> readAll(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<Value> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(read(in));
        }
        return items;
    }

    private Value read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 'j' -> new Value.Json(Json.readStored(bytes(in)));
            case 'i' -> {
                int[] shape = shape(in, 4);
                yield new Image(floats(in), shape[0], shape[1], shape[2], shape[3]);
            }
            case 'm' -> {
                int[] shape = shape(in, 3);
                yield new Mask(floats(in), shape[0], shape[1], shape[2]);
            }
            case 'l' -> latent(in);
            case 'a' -> {
                int[] shape = shape(in, 4);
                yield new Audio(floats(in), shape[0], shape[1], shape[2], shape[3]);
            }
            case 'v' -> {
                List<Value> parts = readAll(in);
                Audio audio = parts.size() > 1 ? (Audio) parts.get(1) : null;
                yield new Video.Frames((Image) parts.getFirst(), audio, in.readDouble());
            }
            case 'f' -> {
                byte[] content = bytes(in);
                yield new Video.Encoded(content, in.readUTF());
            }
            case 'h' -> handles.restore(bytes(in));
            case '*' -> new Value.Many(readAll(in));
            case 'o' -> fields(in);
            default -> throw new IOException("no kind of value is " + kind);
        };
    }

    private Value.Fields fields(DataInputStream in) throws IOException {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            fields.put(new String(bytes(in), StandardCharsets.UTF_8), read(in));
        }
        return new Value.Fields(fields);
    }

    private Latent latent(DataInputStream in) throws IOException {
        int[] shape = shape(in, 4);
        float[] data = floats(in);
        List<Value> mask = readAll(in);
        List<Integer> places = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            places.add(in.readInt());
        }
        return new Latent(
                data,
                shape[0],
                shape[1],
                shape[2],
                shape[3],
                mask.isEmpty() ? null : (Mask) mask.getFirst(),
                places);
    }

    private static int[] shape(DataInputStream in, int dimensions) throws IOException {
        int[] shape = new int[dimensions];
        for (int i = 0; i < dimensions; i++) {
            shape[i] = in.readInt();
        }
        return shape;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int count = in.readInt();
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("it ends " + (count - bytes.length) + " bytes too early");
        }
        return bytes;
    }

    private static float[] floats(DataInputStream in) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes(in));
        float[] data = new float[buffer.remaining() / Float.BYTES];
        buffer.asFloatBuffer().get(data);
        return data;
    }
}
