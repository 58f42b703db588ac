package comfyserverless.runner.image;

import org.jspecify.annotations.Nullable;

/// Lays one picture over another through a mask (composite in nodes_mask, ComfyUI 0.3.64).
public final class Compositing {
    private Compositing() {}

    /// A copy of `below` with `above` on it, its corner at (`x`, `y`); what lies outside is cut off. A
    /// batch that is shorter repeats.
    ///
    /// @param mask how much of `above` shows, of any size, scaled to it; null for all
    public static Grid paste(Grid below, Grid above, int x, int y, @Nullable Grid mask) {
        Grid shares =
                mask == null || (mask.width() == above.width() && mask.height() == above.height())
                        ? mask
                        : Scaling.BILINEAR.resize(mask, above.width(), above.height());
        Grid out =
                new Grid(
                        below.data().clone(),
                        below.outer(),
                        below.height(),
                        below.width(),
                        below.inner());
        int right = Math.min(above.width(), below.width() - x);
        int bottom = Math.min(above.height(), below.height() - y);
        for (int plane = 0; plane < below.outer(); plane++) {
            for (int row = Math.max(0, -y); row < bottom; row++) {
                for (int column = Math.max(0, -x); column < right; column++) {
                    int to = out.at(plane, y + row, x + column);
                    int from = above.at(plane % above.outer(), row, column);
                    float share =
                            shares == null
                                    ? 1f
                                    : shares.data()[shares.at(plane % shares.outer(), row, column)];
                    for (int c = 0; c < below.inner(); c++) {
                        out.data()[to + c] =
                                share * above.data()[from + c] + (1f - share) * out.data()[to + c];
                    }
                }
            }
        }
        return out;
    }
}
