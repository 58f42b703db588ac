package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// An ancestral step of a rectified flow: down to a lower level, then back up with the signal scaled to its share there.
///
/// @param down the level it goes down to
/// @param kept factor of what is there then
/// @param up factor of the noise
record FlowStep(double down, double kept, double up) {

    static FlowStep between(double sigma, double next, double eta) {
        double down = next * (1 + (next / sigma - 1) * eta);
        double kept = (1 - next) / (1 - down);
        return new FlowStep(down, kept, Math.sqrt(next * next - down * down * kept * kept));
    }

    /// Back up.
    HostTensor renoised(HostTensor x, double strength, HostTensor noise) {
        return Latents.sum(kept, x, up * strength, noise);
    }
}
