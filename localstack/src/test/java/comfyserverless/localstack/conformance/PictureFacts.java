package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// What a picture shows, as the recordings have it: format, mode, size, the hash of its RGBA pixels, or for lossy formats
/// the means of a grid of 4×4 fields; and a PNG's texts.
final class PictureFacts {
    private static final int GRID = 4;
    private static final int CHANNELS = 4;
    private static final int OPAQUE = 255;

    private final String format;
    private final BufferedImage image;

    private PictureFacts(String format, BufferedImage image) {
        this.format = format;
        this.image = image;
    }

    /// The facts of an encoded picture.
    ///
    /// @throws IOException if the bytes are no picture of a known format
    static ObjectNode of(byte[] encoded) throws IOException {
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(encoded))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(encoded.length + " bytes that are no picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                String format = reader.getFormatName().toUpperCase(Locale.ROOT);
                PictureFacts facts = new PictureFacts(format, reader.read(0));
                return facts.write(format.equals("PNG") ? texts(reader) : Json.object());
            } finally {
                reader.dispose();
            }
        }
    }

    private ObjectNode write(ObjectNode texts) {
        ObjectNode facts = Json.object();
        facts.put("format", format);
        facts.put("mode", mode());
        facts.putArray("size").add(image.getWidth()).add(image.getHeight());
        byte[] rgba = rgba();
        if (format.equals("PNG") || format.equals("BMP")) {
            facts.put("pixels_sha256", sha256(rgba));
        } else {
            facts.set("grid4x4_rgba", grid(rgba));
        }
        if (!texts.isEmpty()) {
            facts.set("text", texts);
        }
        return facts;
    }

    private String mode() {
        if (image.getColorModel() instanceof IndexColorModel) {
            return "P";
        }
        return switch (image.getRaster().getNumBands()) {
            case 1 -> image.getSampleModel().getSampleSize(0) == 16 ? "I;16" : "L";
            case 2 -> "LA";
            case 3 -> "RGB";
            default -> "RGBA";
        };
    }

    /// The pixels row by row, four bytes each. Grey is taken as it is stored: Java would convert it as linear light.
    private byte[] rgba() {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgba = new byte[width * height * CHANNELS];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    rgba[at++] = (byte) sample(x, y, channel);
                }
            }
        }
        return rgba;
    }

    private int sample(int x, int y, int channel) {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        if (image.getColorModel() instanceof IndexColorModel) {
            int argb = image.getRGB(x, y);
            return (argb >> (channel == 3 ? 24 : 16 - 8 * channel)) & 0xff;
        }
        boolean alpha = channel == 3;
        if (alpha && bands != 2 && bands != 4) {
            return OPAQUE;
        }
        int band = bands <= 2 ? (alpha ? 1 : 0) : channel;
        int bits = raster.getSampleModel().getSampleSize(band);
        return raster.getSample(x, y, band) >> Math.max(0, bits - 8);
    }

    /// The means of 4×4 fields, as Pillow's box filter makes them: colours weighted by alpha, a pixel belongs to the
    /// field that holds its centre.
    private ArrayNode grid(byte[] rgba) {
        double[][] sums = new double[GRID * GRID][CHANNELS];
        int[] counts = new int[GRID * GRID];
        int width = image.getWidth();
        int height = image.getHeight();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int field = field(y, height) * GRID + field(x, width);
                int at = (y * width + x) * CHANNELS;
                int alpha = rgba[at + 3] & 0xff;
                for (int channel = 0; channel < 3; channel++) {
                    sums[field][channel] += (rgba[at + channel] & 0xff) * alpha / (double) OPAQUE;
                }
                sums[field][3] += alpha;
                counts[field]++;
            }
        }
        ArrayNode means = Json.mapper().createArrayNode();
        for (int field = 0; field < counts.length; field++) {
            double alpha = sums[field][3] / OPAQUE;
            for (int channel = 0; channel < 3; channel++) {
                means.add(alpha == 0 ? 0 : Math.round(sums[field][channel] / alpha));
            }
            means.add(Math.round(sums[field][3] / Math.max(1, counts[field])));
        }
        return means;
    }

    private static int field(int at, int length) {
        return Math.min(GRID - 1, (int) ((at + 0.5) * GRID / length));
    }

    private static ObjectNode texts(ImageReader reader) throws IOException {
        IIOMetadata metadata = reader.getImageMetadata(0);
        Element root =
                (Element) metadata.getAsTree(IIOMetadataFormatImpl.standardMetadataFormatName);
        NodeList entries = root.getElementsByTagName("TextEntry");
        ObjectNode texts = Json.object();
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            texts.put(entry.getAttribute("keyword"), entry.getAttribute("value"));
        }
        return texts;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
