package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A prompt placed on a latent of known size: the rectangle its network pass sees and the weight of each position there
/// (`get_area_and_mult`, ComfyUI 0.3.64).
///
/// @param area the rectangle; null for the whole latent
/// @param weights (batch, channels, height, width) of the rectangle; null where every weight is 1
/// @param extras what the network takes of it besides its text
/// @param from the highest sigma at which it applies
/// @param to the lowest sigma at which it applies
record Placed(
        Conditioning conditioning,
        Region.Area.@Nullable Cells area,
        @Nullable HostTensor weights,
        Map<Extra, HostTensor> extras,
        double from,
        double to) {

    private static final int FADE = 8;
    private static final int SMALLEST = 8;

    static Placed on(
            Conditioning conditioning, NoiseModel model, boolean negative, long... latent) {
        int height = (int) latent[2];
        int width = (int) latent[3];
        Region region = conditioning.region();
        HostTensor mask = region.mask() == null ? null : Masks.scaled(region.mask(), height, width);
        Region.Area.Cells area = region.area() == null ? null : region.area().in(height, width);
        if (mask != null && region.maskBounds()) {
            area = bounds(mask);
        }
        if (area != null) {
            area = cut(area, height, width);
        }
        ModelSampling sampling = model.sampling();
        return new Placed(
                conditioning,
                area,
                weights(conditioning, area, mask, latent),
                model.extras(conditioning, new NoiseModel.Frame(height, width, negative)),
                conditioning.start() > 0
                        ? sampling.percentToSigma(conditioning.start())
                        : Double.POSITIVE_INFINITY,
                conditioning.end() < 1 ? sampling.percentToSigma(conditioning.end()) : 0);
    }

    /// The same prompt as `other` at this one's place and time.
    Placed steeredBy(Placed other) {
        Conditioning theirs = other.conditioning;
        return new Placed(
                conditioning.saying(theirs.context(), theirs.pooled()),
                area,
                weights,
                other.extras,
                from,
                to);
    }

    /// The same under other controls.
    Placed under(@Nullable Control control) {
        return new Placed(conditioning.steeredBy(control), area, weights, extras, from, to);
    }

    boolean appliesAt(float sigma) {
        return sigma <= (float) from && sigma >= (float) to;
    }

    private static @Nullable HostTensor weights(
            Conditioning conditioning,
            Region.Area.@Nullable Cells area,
            @Nullable HostTensor mask,
            long... latent) {
        if (mask == null && area == null && conditioning.strength() == 1) {
            return null;
        }
        long[] shape = latent.clone();
        if (area != null) {
            shape[2] = area.height();
            shape[3] = area.width();
        }
        float[] plane = new float[(int) (shape[2] * shape[3])];
        float strength = (float) conditioning.strength();
        if (mask == null) {
            Arrays.fill(plane, strength);
            if (area != null) {
                fade(plane, area, (int) latent[2], (int) latent[3]);
            }
            return Masks.forLatent(new HostTensor(plane, shape[2], shape[3]), shape);
        }
        HostTensor cut = area == null ? mask : Crop.of(mask, area);
        float maskStrength = (float) conditioning.region().maskStrength();
        float[] scaled = new float[cut.data().length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = cut.data()[i] * maskStrength * strength;
        }
        return Masks.forLatent(new HostTensor(scaled, cut.shape()), shape);
    }

    /// Fades a rectangle's rims that lie inside the picture, over at most eight positions and a quarter of it.
    private static void fade(
            float[] plane, Region.Area.Cells area, int latentHeight, int latentWidth) {
        int rows = Math.min(FADE, area.height() / 4);
        for (int t = 0; t < rows; t++) {
            float factor = (float) ((1.0 / rows) * (t + 1));
            if (area.y() != 0) {
                scaleRow(plane, area.width(), t, factor);
            }
            if (area.height() + area.y() < latentHeight) {
                scaleRow(plane, area.width(), area.height() - 1 - t, factor);
            }
        }
        int columns = Math.min(FADE, area.width() / 4);
        for (int t = 0; t < columns; t++) {
            float factor = (float) ((1.0 / columns) * (t + 1));
            if (area.x() != 0) {
                scaleColumn(plane, area.width(), t, factor);
            }
            if (area.width() + area.x() < latentWidth) {
                scaleColumn(plane, area.width(), area.width() - 1 - t, factor);
            }
        }
    }

    private static void scaleRow(float[] plane, int width, int row, float factor) {
        for (int x = 0; x < width; x++) {
            plane[row * width + x] *= factor;
        }
    }

    private static void scaleColumn(float[] plane, int width, int column, float factor) {
        for (int at = column; at < plane.length; at += width) {
            plane[at] *= factor;
        }
    }

    private static Region.Area.Cells cut(Region.Area.Cells area, int height, int width) {
        return new Region.Area.Cells(
                Math.min(height - area.y(), area.height()),
                Math.min(width - area.x(), area.width()),
                area.y(),
                area.x());
    }

    /// The rectangle around all positions where any mask is not zero, at least eight on each side.
    private static Region.Area.Cells bounds(HostTensor masks) {
        int height = (int) masks.size(1);
        int width = (int) masks.size(2);
        int top = height;
        int bottom = -1;
        int left = width;
        int right = -1;
        for (int i = 0; i < masks.data().length; i++) {
            if (masks.data()[i] != 0) {
                int y = i / width % height;
                int x = i % width;
                top = Math.min(top, y);
                bottom = Math.max(bottom, y);
                left = Math.min(left, x);
                right = Math.max(right, x);
            }
        }
        if (bottom < 0) {
            return new Region.Area.Cells(SMALLEST, SMALLEST, 0, 0);
        }
        return new Region.Area.Cells(
                Math.max(SMALLEST, bottom - top + 1),
                Math.max(SMALLEST, right - left + 1),
                top,
                left);
    }
}
