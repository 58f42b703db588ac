package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.HostTensor;

/// Turns pictures into latents and back. Latents are the autoencoder's own, not scaled for a network. May be called from
/// any thread; closing frees its weights.
public sealed interface Autoencoder extends AutoCloseable permits Vae, TinyAutoencoder, PixelSpace {

    /// Channels of a latent.
    int latentChannels();

    /// Pixels to one latent position, in each direction.
    int factor();

    /// Pictures to latents. Sizes that the factor does not divide are cut to the next smaller that it does, around the
    /// centre.
    ///
    /// @param pictures (batch, height, width, ≥ 3 channels) from 0 to 1; channels beyond three are left out
    /// @return (batch, latent channels, height / factor, width / factor)
    HostTensor encode(HostTensor pictures);

    /// Latents to pictures.
    ///
    /// @param latents (batch, latent channels, height, width)
    /// @return (batch, factor × height, factor × width, 3) from 0 to 1
    HostTensor decode(HostTensor latents);

    /// Latents to what the decoder gives: (batch, 3, factor × height, factor × width), about -1 to 1.
    HostTensor decodeRaw(HostTensor latents);

    @Override
    void close();
}
