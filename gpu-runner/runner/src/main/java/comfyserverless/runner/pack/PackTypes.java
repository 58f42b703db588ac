package comfyserverless.runner.pack;

import comfyserverless.nodeapi.SocketType;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.run.HandleStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The socket types of packs that have a codec. Packs may name their types alike: a value is written and
/// read by the pack whose class it is of, named in front of its bytes.
///
/// @param byOwner `pack/TYPE` → the type
public record PackTypes(Map<String, SocketType<?>> byOwner) implements HandleStore {
    public static final PackTypes NONE = new PackTypes(Map.of());

    public PackTypes {
        byOwner = Collections.unmodifiableMap(new LinkedHashMap<>(byOwner));
    }

    /// Those of one pack's types that have a codec, by `pack/TYPE`.
    ///
    /// @throws IllegalArgumentException if two have one name
    static Map<String, SocketType<?>> of(String pack, List<SocketType<?>> types) {
        Map<String, SocketType<?>> own = new LinkedHashMap<>();
        for (SocketType<?> type : types) {
            if (type.codec() != null && own.put(pack + "/" + type.name(), type) != null) {
                throw new IllegalArgumentException(
                        "it has two codecs for its socket type " + type.name());
            }
        }
        return own;
    }

    @Override
    public Optional<byte[]> store(Value.Handle handle) throws IOException {
        for (Map.Entry<String, SocketType<?>> each : byOwner.entrySet()) {
            SocketType<?> type = each.getValue();
            if (type.name().equals(handle.type()) && type.kind().isInstance(handle.content())) {
                return Optional.of(bytes(each.getKey(), write(each.getKey(), type, handle)));
            }
        }
        return Optional.empty();
    }

    @Override
    public Value.Handle restore(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        String owner = in.readUTF();
        SocketType<?> type = byOwner.get(owner);
        if (type == null) {
            throw new IOException("no pack of this runner reads " + owner);
        }
        return read(owner, type, in.readAllBytes());
    }

    private static <T> byte[] write(String owner, SocketType<T> type, Value.Handle handle)
            throws IOException {
        SocketType.Codec<T> codec = Objects.requireNonNull(type.codec());
        try {
            return codec.write(type.kind().cast(handle.content()));
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new IOException("the codec of " + owner + " cannot write " + handle.content(), e);
        }
    }

    private static <T> Value.Handle read(String owner, SocketType<T> type, byte[] bytes)
            throws IOException {
        SocketType.Codec<T> codec = Objects.requireNonNull(type.codec());
        try {
            return type.value(codec.read(bytes));
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new IOException(
                    "the codec of " + owner + " cannot read " + bytes.length + " bytes", e);
        }
    }

    private static byte[] bytes(String owner, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        data.writeUTF(owner);
        data.write(content);
        return out.toByteArray();
    }
}
