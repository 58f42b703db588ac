package comfyserverless.runner.nodes.latent;

import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;

/// Latents scaled by one of ComfyUI's methods.
final class ScaledLatent {
    static final String[] METHODS = {"nearest-exact", "bilinear", "area", "bicubic", "bislerp"};

    private ScaledLatent() {}

    static Latent of(Latent latent, String method, int width, int height, boolean centre) {
        Scaling scaling =
                Scaling.of(method)
                        .orElseThrow(() ->
                                new NodeException("ValueError", "no upscale_method " + method));
        Grid grid =
                Grid.fromPlanar(
                        latent.data(),
                        latent.batch(),
                        latent.channels(),
                        latent.height(),
                        latent.width());
        Grid scaled =
                centre
                        ? scaling.resizeCentre(grid, width, height)
                        : scaling.resize(grid, width, height);
        return new Latent(
                scaled.planar(),
                latent.batch(),
                latent.channels(),
                height,
                width,
                latent.noiseMask(),
                latent.batchIndex());
    }
}
