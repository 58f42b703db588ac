package comfyserverless.runner.nodes.image;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;

/// Pictures scaled by one of ComfyUI's methods.
final class Scaled {
    private Scaled() {}

    static Image of(Image image, String method, int width, int height, boolean centre) {
        Scaling scaling =
                Scaling.of(method)
                        .orElseThrow(() ->
                                new NodeException("ValueError", "no upscale_method " + method));
        Grid grid =
                new Grid(
                        image.data(),
                        image.batch(),
                        image.height(),
                        image.width(),
                        image.channels());
        Grid scaled =
                centre
                        ? scaling.resizeCentre(grid, width, height)
                        : scaling.resize(grid, width, height);
        return new Image(scaled.data(), image.batch(), height, width, image.channels());
    }
}
