package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.Arrays;

/// Computes something too large for memory in tiles that overlap; where they do, each fades towards its edge
/// (tiled_scale, ComfyUI 0.3.64).
///
/// @param height of a tile, in source places
/// @param width of a tile, in source places
/// @param overlap of neighbouring tiles, in source places
/// @param scale how much larger the result is than the source
record Tiling(int height, int width, int overlap, double scale) {
    /// What becomes of one part of the source: (1, channels, `scale` * height, `scale` * width).
    @FunctionalInterface
    interface Piece {
        HostTensor of(int y, int x, int height, int width);
    }

    /// How many tiles a source of that size takes.
    int count(int sourceHeight, int sourceWidth) {
        return places(sourceHeight, height).length * places(sourceWidth, width).length;
    }

    private int[] places(int size, int tile) {
        if (size <= tile) {
            return new int[1];
        }
        int step = tile - overlap;
        int[] places = new int[Math.ceilDiv(size - overlap, step)];
        Arrays.setAll(places, i -> Math.clamp((long) i * step, 0, size - overlap));
        return places;
    }

    private int scaled(int size) {
        return (int) Math.rint(size * scale);
    }

    /// The whole result, as one tile's is shaped.
    HostTensor join(int sourceHeight, int sourceWidth, Piece piece) {
        if (count(sourceHeight, sourceWidth) == 1) {
            return piece.of(0, 0, sourceHeight, sourceWidth);
        }
        int outHeight = scaled(sourceHeight);
        int outWidth = scaled(sourceWidth);
        float[] sums = new float[0];
        float[] shares = new float[outHeight * outWidth];
        int channels = 0;
        for (int y : places(sourceHeight, height)) {
            for (int x : places(sourceWidth, width)) {
                HostTensor tile =
                        piece.of(
                                y,
                                x,
                                Math.min(height, sourceHeight - y),
                                Math.min(width, sourceWidth - x));
                if (channels == 0) {
                    channels = (int) tile.size(1);
                    sums = new float[Math.multiplyExact(channels, shares.length)];
                }
                add(tile, scaled(y) * outWidth + scaled(x), outWidth, sums, shares);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= shares[i % shares.length];
        }
        return new HostTensor(sums, 1, channels, outHeight, outWidth);
    }

    private void add(HostTensor tile, int start, int outWidth, float[] sums, float[] shares) {
        int tileHeight = (int) tile.size(2);
        int tileWidth = (int) tile.size(3);
        float[] rows = fading(tileHeight);
        float[] columns = fading(tileWidth);
        int area = tileHeight * tileWidth;
        for (int i = 0; i < area; i++) {
            float share = rows[i / tileWidth] * columns[i % tileWidth];
            int to = start + i / tileWidth * outWidth + i % tileWidth;
            shares[to] += share;
            for (int c = 0; c < tile.size(1); c++) {
                sums[c * shares.length + to] += tile.data()[c * area + i] * share;
            }
        }
    }

    private float[] fading(int size) {
        float[] shares = new float[size];
        Arrays.fill(shares, 1f);
        int feather = scaled(overlap);
        for (int i = 0; feather < size && i < feather; i++) {
            float share = (i + 1f) / feather;
            shares[i] *= share;
            shares[size - 1 - i] *= share;
        }
        return shares;
    }
}
