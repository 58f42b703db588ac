package comfyserverless.diffusion.weights.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the entries of a zip archive lie, so that what is stored without compression can be mapped in place; sizes
/// beyond 4 GB (zip64) included.
final class ZipDirectory {

    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int ENTRY = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int LONGEST_END = 22 + 0xffff;
    private static final long LARGEST = 256L << 20;
    private static final long IN_64 = 0xffffffffL;

    private final FileChannel file;
    private final Map<String, Range> entries = new LinkedHashMap<>();

    /// Bytes of the file: an entry's content.
    record Range(long begin, long end) {}

    private ZipDirectory(FileChannel file) {
        this.file = file;
    }

    /// The entries by name.
    static Map<String, Range> of(FileChannel file) throws IOException {
        ZipDirectory directory = new ZipDirectory(file);
        directory.read();
        return directory.entries;
    }

    private void read() throws IOException {
        long tailBegin = Math.max(0, file.size() - LONGEST_END);
        ByteBuffer tail = bytes(tailBegin, file.size() - tailBegin);
        int end = tail.limit() - 22;
        while (end >= 0 && tail.getInt(end) != END) {
            end--;
        }
        if (end < 0) {
            throw new IOException("the archive has no end: the file is cut off");
        }
        long size = tail.getInt(end + 12) & IN_64;
        long begin = tail.getInt(end + 16) & IN_64;
        if (end >= 20 && tail.getInt(end - 20) == LOCATOR_64) {
            ByteBuffer wide = bytes(tail.getLong(end - 12), 56);
            if (wide.getInt(0) != END_64) {
                throw new IOException("the archive's directory is damaged");
            }
            size = wide.getLong(40);
            begin = wide.getLong(48);
        }
        if (size > LARGEST) {
            throw new IOException("the archive's directory claims %d bytes".formatted(size));
        }
        ByteBuffer directory = bytes(begin, size);
        while (directory.remaining() >= 46) {
            entry(directory);
        }
    }

    private void entry(ByteBuffer directory) throws IOException {
        int at = directory.position();
        if (directory.getInt(at) != ENTRY) {
            throw new IOException("the archive's directory is damaged");
        }
        int nameLength = directory.getShort(at + 28) & 0xffff;
        int extraLength = directory.getShort(at + 30) & 0xffff;
        int commentLength = directory.getShort(at + 32) & 0xffff;
        int next = at + 46 + nameLength + extraLength + commentLength;
        if (next > directory.limit()) {
            throw new IOException("the archive's directory is damaged");
        }
        String name = text(directory, at + 46, nameLength);
        if (directory.getShort(at + 10) != 0) {
            throw new IOException("the archive's " + name + " is compressed, which no model is");
        }
        long[] sizes = {
            directory.getInt(at + 24) & IN_64,
            directory.getInt(at + 20) & IN_64,
            directory.getInt(at + 42) & IN_64
        };
        widen(sizes, directory.slice(at + 46 + nameLength, extraLength));
        long begin = sizes[2] + localHeader(sizes[2]);
        long end = begin + sizes[0];
        if (sizes[0] < 0 || begin < 0 || end > file.size()) {
            throw new IOException("the archive's " + name + " lies beyond the end of the file");
        }
        entries.put(name, new Range(begin, end));
        directory.position(next);
    }

    /// Size, stored size and place, each taken from the zip64 field where the short one is full.
    private static void widen(long[] sizes, ByteBuffer extra) {
        extra.order(ByteOrder.LITTLE_ENDIAN);
        while (extra.remaining() >= 4) {
            int kind = extra.getShort() & 0xffff;
            int length = Math.min(extra.getShort() & 0xffff, extra.remaining());
            int end = extra.position() + length;
            for (int i = 0; kind == 1 && i < sizes.length; i++) {
                if (sizes[i] == IN_64 && end - extra.position() >= Long.BYTES) {
                    sizes[i] = extra.getLong();
                }
            }
            extra.position(end);
        }
    }

    /// The length of the header in front of an entry's content.
    private long localHeader(long begin) throws IOException {
        ByteBuffer header = bytes(begin, 30);
        if (header.getInt(0) != LOCAL) {
            throw new IOException("the archive's directory leads nowhere");
        }
        return 30L + (header.getShort(26) & 0xffff) + (header.getShort(28) & 0xffff);
    }

    private static String text(ByteBuffer from, int begin, int length) {
        byte[] name = new byte[length];
        from.get(begin, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private ByteBuffer bytes(long begin, long length) throws IOException {
        if (begin < 0 || length < 0 || begin > file.size() - length) {
            throw new IOException("the archive is cut off");
        }
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, begin + buffer.position()) < 0) {
                throw new IOException("the archive is cut off");
            }
        }
        return buffer.flip();
    }
}
