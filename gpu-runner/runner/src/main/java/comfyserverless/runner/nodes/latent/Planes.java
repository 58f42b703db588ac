package comfyserverless.runner.nodes.latent;

import comfyserverless.nodeapi.Latent;

/// Moves the places of each plane (one channel of one item) of a latent in the same way.
final class Planes {
    /// From which place of the old plane a place of the new one comes.
    @FunctionalInterface
    interface Source {
        int of(int y, int x);
    }

    private Planes() {}

    static float[] moved(Latent latent, int newHeight, int newWidth, Source source) {
        int planes = latent.batch() * latent.channels();
        int before = latent.height() * latent.width();
        int after = newHeight * newWidth;
        float[] data = new float[Math.multiplyExact(planes, after)];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int from = source.of(y, x);
                for (int plane = 0; plane < planes; plane++) {
                    data[plane * after + y * newWidth + x] = latent.data()[plane * before + from];
                }
            }
        }
        return data;
    }
}
