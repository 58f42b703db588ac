package comfyserverless.admin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Small .safetensors files, right and wrong ones.
public final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /// One tensor of so many bytes.
    public static byte[] of(int bytes) {
        return with(
                "{\"weight\":{\"dtype\":\"U8\",\"shape\":["
                        + bytes
                        + "],\"data_offsets\":[0,"
                        + bytes
                        + "]}}",
                bytes);
    }

    /// That header, and so many bytes behind it.
    public static byte[] with(String header, int bytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (int i = 0; i < bytes; i++) {
            file.put((byte) (i * 31 + i / 251));
        }
        return file.array();
    }
}
