package comfyserverless.diffusion.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes small .safetensors files, whole and broken.
final class SafetensorsFiles {

    private SafetensorsFiles() {}

    /// A file of this header and data.
    static Path write(Path file, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return writeClaiming(file, json.length, header, data);
    }

    /// A file whose header claims another length than it has.
    static Path writeClaiming(Path file, long claimed, String header, byte[] data)
            throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[Long.BYTES + json.length + data.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed).put(json).put(data);
        return Files.write(file, bytes);
    }
}
