package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import org.jspecify.annotations.Nullable;

/// Where in the picture a prompt applies (ConditioningSetArea…, ConditioningSetMask, ComfyUI 0.3.64).
///
/// @param area a rectangle; null for the whole picture, or for what the mask bounds
/// @param mask (masks, height, width) of any size; null for none
/// @param maskStrength factor of the mask
/// @param maskBounds whether the network sees only the rectangle around the mask
public record Region(
        @Nullable Area area, @Nullable HostTensor mask, double maskStrength, boolean maskBounds) {

    public static final Region WHOLE = new Region(null, null, 1, false);

    public static Region rectangle(Area area) {
        return new Region(area, null, 1, false);
    }

    public static Region masked(HostTensor mask, double strength, boolean bounds) {
        return new Region(null, mask, strength, bounds);
    }

    /// A rectangle of a picture.
    public sealed interface Area {

        /// In positions of the latent.
        record Cells(int height, int width, int y, int x) implements Area {}

        /// In shares of the picture's size.
        record Shares(double height, double width, double y, double x) implements Area {}

        /// This rectangle in a latent of the given size.
        default Cells in(int latentHeight, int latentWidth) {
            return switch (this) {
                case Cells cells -> cells;
                case Shares s ->
                        new Cells(
                                Math.max(1, (int) Math.rint(s.height() * latentHeight)),
                                Math.max(1, (int) Math.rint(s.width() * latentWidth)),
                                (int) Math.rint(s.y() * latentHeight),
                                (int) Math.rint(s.x() * latentWidth));
            };
        }
    }
}
