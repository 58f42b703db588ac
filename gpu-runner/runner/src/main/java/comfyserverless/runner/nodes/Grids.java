package comfyserverless.runner.nodes;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;
import java.util.Arrays;
import java.util.List;

/// Pictures and masks as the planes that scaling, filters and compositing work on, and back. No numbers are
/// copied, save for latents, whose channels lie apart.
public final class Grids {
    private Grids() {}

    public static Grid of(Image image) {
        return new Grid(
                image.data(), image.batch(), image.height(), image.width(), image.channels());
    }

    public static Grid of(Mask mask) {
        return new Grid(mask.data(), mask.batch(), mask.height(), mask.width(), 1);
    }

    public static Grid of(Latent latent) {
        return Grid.fromPlanar(
                latent.data(), latent.batch(), latent.channels(), latent.height(), latent.width());
    }

    public static Image image(Grid grid) {
        return new Image(grid.data(), grid.outer(), grid.height(), grid.width(), grid.inner());
    }

    public static Mask mask(Grid grid) {
        return new Mask(grid.data(), grid.outer(), grid.height(), grid.width());
    }

    /// The grid as a latent with the mask and places of another.
    public static Latent latent(Grid grid, Latent like) {
        return new Latent(
                grid.planar(),
                grid.outer(),
                grid.inner(),
                grid.height(),
                grid.width(),
                like.noiseMask(),
                like.batchIndex().size() == grid.outer() ? like.batchIndex() : List.of());
    }

    /// Scales by one of ComfyUI's methods.
    ///
    /// @param centre whether the middle part of the new proportion is taken, rather than all of it
    public static Grid scaled(Grid grid, String method, int width, int height, boolean centre) {
        Scaling scaling =
                Scaling.of(method)
                        .orElseThrow(() ->
                                new NodeException("ValueError", "no upscale_method " + method));
        return centre
                ? scaling.resizeCentre(grid, width, height)
                : scaling.resize(grid, width, height);
    }

    /// One of the planes by itself.
    public static Grid item(Grid grid, int place) {
        int size = grid.data().length / grid.outer();
        float[] one = Arrays.copyOfRange(grid.data(), place * size, (place + 1) * size);
        return new Grid(one, 1, grid.height(), grid.width(), grid.inner());
    }

    /// The same picture with so many channels: further ones are cut off, missing ones are 1 (opaque).
    public static Image withChannels(Image image, int channels) {
        if (image.channels() == channels) {
            return image;
        }
        int pixels = image.data().length / image.channels();
        float[] data = new float[Math.multiplyExact(pixels, channels)];
        Arrays.fill(data, 1f);
        int kept = Math.min(channels, image.channels());
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(image.data(), i * image.channels(), data, i * channels, kept);
        }
        return new Image(data, image.batch(), image.height(), image.width(), channels);
    }
}
