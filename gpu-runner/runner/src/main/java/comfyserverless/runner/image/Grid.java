package comfyserverless.runner.image;

/// Numbers on planes: what is scaled.
///
/// @param data `outer * height * width * inner` numbers, not copied
/// @param outer how many planes (the batch)
/// @param inner how many numbers a place has (the channels)
@SuppressWarnings("ArrayRecordComponent")
public record Grid(float[] data, int outer, int height, int width, int inner) {
    public Grid {
        if ((long) outer * height * width * inner != data.length) {
            throw new IllegalArgumentException(
                    outer + "x" + height + "x" + width + "x" + inner + " is not " + data.length);
        }
    }

    /// From (outer, inner, height, width), the order of latents.
    public static Grid fromPlanar(float[] data, int outer, int inner, int height, int width) {
        Grid grid = empty(outer, height, width, inner);
        int area = height * width;
        for (int plane = 0; plane < outer; plane++) {
            for (int c = 0; c < inner; c++) {
                for (int i = 0; i < area; i++) {
                    grid.data[(plane * area + i) * inner + c] =
                            data[(plane * inner + c) * area + i];
                }
            }
        }
        return grid;
    }

    /// The numbers as (outer, inner, height, width).
    public float[] planar() {
        float[] planar = new float[data.length];
        int area = height * width;
        for (int plane = 0; plane < outer; plane++) {
            for (int c = 0; c < inner; c++) {
                for (int i = 0; i < area; i++) {
                    planar[(plane * inner + c) * area + i] = data[(plane * area + i) * inner + c];
                }
            }
        }
        return planar;
    }

    static Grid empty(int outer, int height, int width, int inner) {
        int rows = Math.multiplyExact(Math.multiplyExact(outer, height), width);
        return new Grid(new float[Math.multiplyExact(rows, inner)], outer, height, width, inner);
    }

    int at(int plane, int y, int x) {
        return ((plane * height + y) * width + x) * inner;
    }

    /// The part that begins at (`x`, `y`).
    public Grid crop(int x, int y, int newWidth, int newHeight) {
        Grid part = empty(outer, newHeight, newWidth, inner);
        for (int plane = 0; plane < outer; plane++) {
            for (int row = 0; row < newHeight; row++) {
                System.arraycopy(
                        data,
                        at(plane, y + row, x),
                        part.data,
                        part.at(plane, row, 0),
                        newWidth * inner);
            }
        }
        return part;
    }
}
