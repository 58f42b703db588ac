package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.weights.StateDict;

/// Into how many heads a UNet's attention is cut, which no shape tells: 8 in Stable Diffusion 1, heads of 64 numbers in
/// 2 and XL. The former is the one that enters its transformers through convolutions.
///
/// @param count how many; 0 where their width is fixed
/// @param width numbers of each; 0 where their number is fixed
record Heads(int count, int width) {

    private static final Heads SD1 = new Heads(8, 0);
    private static final Heads LATER = new Heads(0, 64);
    private static final String ENTRANCE = ".proj_in.weight";

    static Heads of(StateDict unet) {
        boolean linear =
                unet.names().stream()
                        .anyMatch(name -> name.endsWith(ENTRANCE) && unet.entry(name).rank() == 2);
        return linear ? LATER : SD1;
    }

    /// Whether they are those of Stable Diffusion 2 and XL.
    boolean areLater() {
        return count == 0;
    }

    /// Heads of an attention this wide.
    int in(long attentionWidth) {
        return count > 0 ? count : (int) Math.max(1, attentionWidth / width);
    }
}
