package comfyserverless.runner.nodes.sampling;

import comfyserverless.diffusion.sampling.Sampler;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.diffusion.sampling.StartNoise;
import comfyserverless.nodeapi.SocketType;

/// What the sockets of custom sampling carry. All are cheap to make again, so none is stored for other runners.
final class SocketTypes {
    static final SocketType<Sigmas> SIGMAS = SocketType.of("SIGMAS", Sigmas.class);
    static final SocketType<Sampler> SAMPLER = SocketType.of("SAMPLER", Sampler.class);
    static final SocketType<StartNoise> NOISE = SocketType.of("NOISE", StartNoise.class);
    static final SocketType<LedModel> GUIDER = SocketType.of("GUIDER", LedModel.class);

    private SocketTypes() {}
}
