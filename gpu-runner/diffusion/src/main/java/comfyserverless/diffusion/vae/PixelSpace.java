package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.torch.HostTensor;

/// No autoencoder at all: latents are the pictures themselves, from -1 to 1, channels first (for networks that work on
/// pixels).
public final class PixelSpace implements Autoencoder {

    private static final int CHANNELS = 3;

    @Override
    public int latentChannels() {
        return CHANNELS;
    }

    @Override
    public int factor() {
        return 1;
    }

    @Override
    public HostTensor encode(HostTensor pictures) {
        int given = (int) pictures.size(3);
        if (pictures.shape().length != 4 || given < CHANNELS) {
            throw new IllegalArgumentException("pictures of three channels, not " + pictures);
        }
        int area = (int) (pictures.size(1) * pictures.size(2));
        float[] latents = new float[(int) pictures.size(0) * CHANNELS * area];
        for (int i = 0; i < latents.length; i++) {
            int item = i / (CHANNELS * area);
            int channel = i / area % CHANNELS;
            float value = pictures.data()[(item * area + i % area) * given + channel];
            latents[i] = value * 2f - 1f;
        }
        return new HostTensor(
                latents, pictures.size(0), CHANNELS, pictures.size(1), pictures.size(2));
    }

    @Override
    public HostTensor decode(HostTensor latents) {
        HostTensor raw = decodeRaw(latents);
        int area = (int) (raw.size(2) * raw.size(3));
        float[] pictures = new float[raw.data().length];
        for (int i = 0; i < pictures.length; i++) {
            int item = i / (CHANNELS * area);
            int channel = i / area % CHANNELS;
            float value = Math.clamp((raw.data()[i] + 1f) / 2f, 0f, 1f);
            pictures[(item * area + i % area) * CHANNELS + channel] = value;
        }
        return new HostTensor(pictures, raw.size(0), raw.size(2), raw.size(3), CHANNELS);
    }

    @Override
    public HostTensor decodeRaw(HostTensor latents) {
        if (latents.shape().length != 4 || latents.size(1) != CHANNELS) {
            throw new IllegalArgumentException(
                    "in pixel space latents have three channels, not " + latents);
        }
        return latents;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
