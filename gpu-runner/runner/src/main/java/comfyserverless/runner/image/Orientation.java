package comfyserverless.runner.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// EXIF's orientation, 1 to 8: how a stored picture must be turned to stand upright.
record Orientation(int value) {
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;

    Orientation {
        value = value >= 1 && value <= 8 ? value : 1;
    }

    /// The orientation that a JPEG, PNG or WebP file names; 1 if it names none.
    static Orientation of(byte[] file) {
        ByteBuffer tiff = ExifBlock.find(file);
        try {
            return new Orientation(tiff == null ? 1 : read(tiff));
        } catch (IndexOutOfBoundsException e) {
            return new Orientation(1);
        }
    }

    private static int read(ByteBuffer tiff) {
        if (tiff.limit() < 8) {
            return 1;
        }
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if ((tiff.getShort(entry) & 0xffff) == TAG && tiff.getShort(entry + 2) == SHORT) {
                return tiff.getShort(entry + 8) & 0xffff;
            }
        }
        return 1;
    }

    Frame upright(Frame frame) {
        if (value == 1) {
            return frame;
        }
        Pixels colour = frame.colour();
        byte[] alpha = frame.alpha();
        int width = colour.width();
        int height = colour.height();
        boolean turned = value >= 5;
        Pixels upright =
                new Pixels(
                        turned ? height : width,
                        turned ? width : height,
                        3,
                        turn(colour.samples(), width, height, 3));
        return new Frame(upright, alpha == null ? null : turn(alpha, width, height, 1));
    }

    private byte[] turn(byte[] samples, int width, int height, int channels) {
        byte[] out = new byte[samples.length];
        int newWidth = value >= 5 ? height : width;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int newX =
                        switch (value) {
                            case 2, 3 -> width - 1 - x;
                            case 4 -> x;
                            case 5, 8 -> y;
                            default -> height - 1 - y;
                        };
                int newY =
                        switch (value) {
                            case 2 -> y;
                            case 3, 4 -> height - 1 - y;
                            case 5, 6 -> x;
                            default -> width - 1 - x;
                        };
                int from = (y * width + x) * channels;
                System.arraycopy(samples, from, out, (newY * newWidth + newX) * channels, channels);
            }
        }
        return out;
    }
}
