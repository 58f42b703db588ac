package comfyserverless.runner.recorded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.BinaryFrame;
import comfyserverless.contract.json.Json;
import comfyserverless.runner.image.PictureReader;
import comfyserverless.runner.image.Pixels;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Binary messages and pictures as the recordings describe them.
final class BinaryMessages {
    private BinaryMessages() {}

    static ObjectNode described(List<Byte> message) {
        byte[] bytes = new byte[message.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = message.get(i);
        }
        ObjectNode data = Json.object();
        switch (BinaryFrame.decode(bytes)) {
            case BinaryFrame.Picture picture -> {
                data.put("event", 1);
                data.put("image_type", picture.mime().equals("image/png") ? 2 : 1);
                data.set("image", image(picture.bytes()));
            }
            case BinaryFrame.DescribedPicture picture -> {
                data.put("event", 4).set("metadata", picture.metadata());
                data.set("image", image(picture.bytes()));
            }
            case BinaryFrame.Text text ->
                    data.put("event", 3).put("node", text.node()).put("text", text.text());
        }
        ObjectNode described = Json.object().put("type", "binary");
        described.set("data", data);
        return described;
    }

    private static ObjectNode image(byte[] file) {
        Pixels pixels = PictureReader.read(file, "a sent picture").getFirst().colour();
        ObjectNode image = Json.object().put("format", "PNG").put("mode", "RGB");
        image.putArray("size").add(pixels.width()).add(pixels.height());
        return image.put("pixels_sha256", hash(pixels));
    }

    /// SHA-256 of the pixels as RGBA.
    static String hash(Pixels rgb) {
        byte[] rgba = new byte[rgb.width() * rgb.height() * 4];
        for (int i = 0; i < rgba.length; i++) {
            rgba[i] = i % 4 == 3 ? (byte) 255 : rgb.samples()[i / 4 * 3 + i % 4];
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rgba));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
