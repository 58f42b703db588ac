package comfyserverless.runner.nodes.image;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Mask;

/// Single channels of pictures.
final class Channels {
    private Channels() {}

    /// A mask as a grey RGB picture.
    static Image grey(Mask mask) {
        Image image = Image.black(mask.batch(), mask.height(), mask.width());
        for (int i = 0; i < image.data().length; i++) {
            image.data()[i] = mask.data()[i / 3];
        }
        return image;
    }

    /// One channel as a mask.
    static Mask of(Image image, int channel) {
        Mask mask = Mask.filled(image.batch(), image.height(), image.width(), 0);
        for (int i = 0; i < mask.data().length; i++) {
            mask.data()[i] = image.data()[i * image.channels() + channel];
        }
        return mask;
    }
}
