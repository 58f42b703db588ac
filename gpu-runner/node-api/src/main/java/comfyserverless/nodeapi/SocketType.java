package comfyserverless.nodeapi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A socket type of a pack's own: what its values are in Java and, if runners may share them, how they are
/// stored. A constant of the pack:
///
/// ```java
/// static final SocketType<Curve> CURVE =
///         SocketType.of("CURVE", Curve.class).stored(new CurveCodec());
/// ```
///
/// Values must not change once a node has given them away: other nodes and the codec see the same object.
///
/// @param name as definitions name it: `CURVE`
/// @param codec null: a result with such a value stays in the memory of the runner that made it
public record SocketType<T>(String name, Class<T> kind, @Nullable Codec<T> codec) {
    /// How a value is stored. It is called on other threads than nodes, and what it throws costs a result
    /// its place in the shared cache, never a job.
    public interface Codec<T> {
        byte[] write(T content) throws IOException;

        /// What [#write] was given.
        T read(byte[] bytes) throws IOException;
    }

    /// A type whose values stay where they were made.
    public static <T> SocketType<T> of(String name, Class<T> kind) {
        return new SocketType<>(name, kind, null);
    }

    /// The same type with values that can be shared.
    public SocketType<T> stored(Codec<T> by) {
        return new SocketType<>(name, kind, by);
    }

    /// What a node gives to an output of this type.
    public Value.Handle value(T content) {
        return new Value.Handle(name, content);
    }

    /// What came in by an input of this type.
    public T of(Inputs inputs, String input) {
        return inputs.handle(input, kind);
    }
}
