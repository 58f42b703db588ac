package comfyserverless.runner.nodes.image;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.NodeException;
import java.util.Arrays;
import java.util.List;

/// Parts of picture batches put together and taken out.
final class Batches {
    private Batches() {}

    /// The pictures `from` to before `to`.
    static Image part(Image image, int from, int to) {
        int size = image.data().length / image.batch();
        return new Image(
                Arrays.copyOfRange(image.data(), from * size, to * size),
                to - from,
                image.height(),
                image.width(),
                image.channels());
    }

    /// So many pictures: the last one repeats, or what is too much is left out.
    static Image extended(Image image, int batch) {
        if (batch <= image.batch()) {
            return batch == image.batch() ? image : part(image, 0, batch);
        }
        int size = image.data().length / image.batch();
        float[] data = Arrays.copyOf(image.data(), Math.multiplyExact(size, batch));
        for (int i = image.batch(); i < batch; i++) {
            System.arraycopy(image.data(), (image.batch() - 1) * size, data, i * size, size);
        }
        return new Image(data, batch, image.height(), image.width(), image.channels());
    }

    /// All pictures behind one another.
    ///
    /// @throws NodeException if they differ in size or channels
    static Image joined(List<Image> images) {
        Image first = images.getFirst();
        int length = 0;
        int batch = 0;
        for (Image image : images) {
            if (image.height() != first.height()
                    || image.width() != first.width()
                    || image.channels() != first.channels()) {
                throw new NodeException(
                        "RuntimeError", image + " and " + first + " do not fit into one batch");
            }
            length = Math.addExact(length, image.data().length);
            batch += image.batch();
        }
        float[] data = new float[length];
        int at = 0;
        for (Image image : images) {
            System.arraycopy(image.data(), 0, data, at, image.data().length);
            at += image.data().length;
        }
        return new Image(data, batch, first.height(), first.width(), first.channels());
    }
}
