package comfyserverless.runner.run;

import comfyserverless.nodeapi.Value;
import java.io.IOException;
import java.util.Optional;

/// Writes handles as bytes and makes them again, where the host that owns them can.
public interface HandleStore {
    /// Every handle stays where it was made.
    HandleStore NONE =
            new HandleStore() {
                @Override
                public Optional<byte[]> store(Value.Handle handle) {
                    return Optional.empty();
                }

                @Override
                public Value.Handle restore(byte[] bytes) throws IOException {
                    throw new IOException(
                            "no handle can be made of " + bytes.length + " bytes here");
                }
            };

    /// The handle as bytes; empty if it stays where it was made.
    Optional<byte[]> store(Value.Handle handle) throws IOException;

    /// The handle behind bytes of [#store].
    Value.Handle restore(byte[] bytes) throws IOException;
}
