package comfyserverless.runner.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the EXIF data (a TIFF structure) inside a JPEG, PNG or WebP file.
final class ExifBlock {
    private static final int APP1 = 0xE1;
    private static final int START_OF_SCAN = 0xDA;
    private static final byte[] PREFIX = {'E', 'x', 'i', 'f', 0, 0};

    private ExifBlock() {}

    static @Nullable ByteBuffer find(byte[] file) {
        if (file.length < 12) {
            return null;
        }
        if ((file[0] & 255) == 0xFF && (file[1] & 255) == 0xD8) {
            return jpeg(file);
        }
        if (file[0] == (byte) 0x89 && file[1] == 'P') {
            return chunk(file, 8, ByteOrder.BIG_ENDIAN, "eXIf");
        }
        if (word(file, 0).equals("RIFF") && word(file, 8).equals("WEBP")) {
            return chunk(file, 12, ByteOrder.LITTLE_ENDIAN, "EXIF");
        }
        return null;
    }

    private static @Nullable ByteBuffer jpeg(byte[] file) {
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 255) == 0xFF) {
            int marker = file[at + 1] & 255;
            int length = (file[at + 2] & 255) << 8 | (file[at + 3] & 255);
            if (marker == APP1 && hasPrefix(file, at + 4)) {
                return slice(file, at + 4, length - 2);
            }
            if (marker == START_OF_SCAN || length < 2) {
                return null;
            }
            at += 2 + length;
        }
        return null;
    }

    /// PNG: length, name, data, checksum; RIFF: name, length, data, padding to even.
    private static @Nullable ByteBuffer chunk(
            byte[] file, int start, ByteOrder order, String wanted) {
        boolean png = order == ByteOrder.BIG_ENDIAN;
        ByteBuffer in = ByteBuffer.wrap(file).order(order);
        int at = start;
        while (at + 8 <= file.length) {
            int length = in.getInt(png ? at : at + 4);
            String name = word(file, png ? at + 4 : at);
            if (length < 0 || length > file.length - at - 8) {
                return null;
            }
            if (name.equals(wanted)) {
                return slice(file, at + 8, length);
            }
            at += 8 + length + (png ? 4 : length & 1);
        }
        return null;
    }

    private static @Nullable ByteBuffer slice(byte[] file, int from, int length) {
        int skip = hasPrefix(file, from) ? PREFIX.length : 0;
        int end = Math.min(file.length, from + length);
        return end <= from + skip
                ? null
                : ByteBuffer.wrap(file, from + skip, end - from - skip).slice();
    }

    private static boolean hasPrefix(byte[] file, int at) {
        return at + PREFIX.length <= file.length
                && java.util.Arrays.equals(file, at, at + PREFIX.length, PREFIX, 0, PREFIX.length);
    }

    private static String word(byte[] file, int at) {
        return new String(file, at, 4, StandardCharsets.US_ASCII);
    }
}
