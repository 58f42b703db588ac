package comfyserverless.runner.nodes.conditioning;

import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Region;
import comfyserverless.diffusion.torch.HostTensor;

/// Changes one thing about where a prompt applies and keeps the rest.
final class Placement {
    private Placement() {}

    static Region at(Conditioning prompt, Region.Area area) {
        Region old = prompt.region();
        return new Region(area, old.mask(), old.maskStrength(), false);
    }

    static Region masked(Conditioning prompt, HostTensor mask, double strength, boolean bounds) {
        return new Region(prompt.region().area(), mask, strength, bounds);
    }
}
