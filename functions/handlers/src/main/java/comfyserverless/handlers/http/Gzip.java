package comfyserverless.handlers.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Compressed bodies.
public final class Gzip {
    private static final int BUFFER = 16 * 1024;

    private Gzip() {}

    /// As small as can be, for what is sent many times.
    public static byte[] small(byte[] body) {
        return gzip(body, Deflater.BEST_COMPRESSION);
    }

    /// At the fastest level, for an answer that is compressed while its client waits.
    static byte[] fast(byte[] body) {
        return gzip(body, Deflater.BEST_SPEED);
    }

    private static byte[] gzip(byte[] body, int level) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new Leveled(out, level)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static final class Leveled extends GZIPOutputStream {
        Leveled(ByteArrayOutputStream out, int level) throws IOException {
            super(out, BUFFER);
            def.setLevel(level);
        }
    }
}
