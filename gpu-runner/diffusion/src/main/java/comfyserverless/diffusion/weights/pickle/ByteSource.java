package comfyserverless.diffusion.weights.pickle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Bytes of a pickle, counted, and no more of them than its limit.
final class ByteSource {

    private static final int LONGEST_LINE = 4096;

    private final InputStream in;
    private final long limit;
    private long position;

    /// @param position of the first byte in its file
    /// @param limit how many bytes may be read
    ByteSource(InputStream in, long position, long limit) {
        this.in = in;
        this.position = position;
        this.limit = position + limit;
    }

    long position() {
        return position;
    }

    int next() throws IOException {
        byte[] one = bytes(1);
        return one[0] & 0xff;
    }

    byte[] bytes(long count) throws IOException {
        if (count < 0 || count > limit - position) {
            throw new EOFException("it says that %d bytes follow".formatted(count));
        }
        byte[] read = in.readNBytes(Math.toIntExact(count));
        if (read.length < count) {
            throw new EOFException("it ends in the middle of a value");
        }
        position += count;
        return read;
    }

    /// A little-endian number of up to eight bytes.
    long number(int bytes) throws IOException {
        byte[] wide = new byte[Long.BYTES];
        System.arraycopy(bytes(bytes), 0, wide, 0, bytes);
        return ByteBuffer.wrap(wide).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    String text(long bytes) throws IOException {
        return new String(bytes(bytes), StandardCharsets.UTF_8);
    }

    /// Up to the next line feed, which is left out.
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = next(); c != '\n'; c = next()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line is longer than " + LONGEST_LINE + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
