package comfyserverless.runner.nodes.image;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.image.Frame;
import comfyserverless.runner.image.PictureReader;
import comfyserverless.runner.image.UnreadablePicture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A picture file as ComfyUI's nodes see it: frames of the first one's size, and a mask that is 1 where the
/// picture is clear.
record LoadedPicture(Image image, Mask mask) {
    private static final int NO_MASK = 64;

    static LoadedPicture read(byte[] file, String name) {
        List<Frame> frames;
        try {
            frames = PictureReader.read(file, name);
        } catch (UnreadablePicture e) {
            throw new NodeException("UnidentifiedImageError", message(e), e);
        }
        int width = frames.getFirst().colour().width();
        int height = frames.getFirst().colour().height();
        List<Frame> same =
                frames.stream()
                        .filter(f -> f.colour().width() == width && f.colour().height() == height)
                        .toList();
        float[] colours = new float[same.size() * height * width * 3];
        for (int i = 0; i < same.size(); i++) {
            byte[] samples = same.get(i).colour().samples();
            for (int j = 0; j < samples.length; j++) {
                colours[i * samples.length + j] = (samples[j] & 255) / 255f;
            }
        }
        Image image = new Image(colours, same.size(), height, width, 3);
        return new LoadedPicture(image, mask(same, height, width));
    }

    private static String message(UnreadablePicture e) {
        String message = e.getMessage();
        return message == null ? "unreadable picture" : message;
    }

    /// Without any alpha, ComfyUI gives zeros of 64 by 64.
    private static Mask mask(List<Frame> frames, int height, int width) {
        if (frames.stream().allMatch(f -> f.alpha() == null)) {
            return Mask.filled(frames.size(), NO_MASK, NO_MASK, 0);
        }
        Mask mask = Mask.filled(frames.size(), height, width, 0);
        for (int i = 0; i < frames.size(); i++) {
            byte @Nullable [] alpha = frames.get(i).alpha();
            for (int j = 0; alpha != null && j < alpha.length; j++) {
                mask.data()[i * alpha.length + j] = 1f - (alpha[j] & 255) / 255f;
            }
        }
        return mask;
    }
}
