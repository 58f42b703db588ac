package comfyserverless.diffusion.sampling;

import java.util.Arrays;

/// Noise levels that a sampler goes through, one more than there are steps: what SIGMAS sockets carry. Never changes.
public final class Sigmas {

    public static final Sigmas NONE = new Sigmas();

    /// What a level of 0 becomes where a run shall begin there.
    private static final float NEARLY_NOTHING = 0.0001f;

    private final float[] levels;

    private Sigmas(float... levels) {
        this.levels = levels;
    }

    public static Sigmas of(float... levels) {
        return new Sigmas(levels.clone());
    }

    public float[] toArray() {
        return levels.clone();
    }

    public int size() {
        return levels.length;
    }

    public int steps() {
        return Math.max(levels.length - 1, 0);
    }

    public float first() {
        return levels[0];
    }

    public float last() {
        return levels[levels.length - 1];
    }

    /// The levels up to and with that of `step`.
    public Sigmas upTo(int step) {
        return new Sigmas(Arrays.copyOf(levels, Math.min(step + 1, levels.length)));
    }

    /// The levels from that of `step` on.
    public Sigmas from(int step) {
        return new Sigmas(Arrays.copyOfRange(levels, Math.min(step, levels.length), levels.length));
    }

    /// The last `count` levels.
    public Sigmas tail(int count) {
        return from(Math.max(levels.length - count, 0));
    }

    /// From the last level to the first, to bring noise on: a 0 at the start becomes nearly nothing.
    public Sigmas flipped() {
        float[] flipped = new float[levels.length];
        for (int i = 0; i < flipped.length; i++) {
            flipped[i] = levels[levels.length - 1 - i];
        }
        if (flipped.length > 0 && flipped[0] == 0) {
            flipped[0] = NEARLY_NOTHING;
        }
        return new Sigmas(flipped);
    }

    /// Another first level.
    ///
    /// @throws IllegalArgumentException if there is none
    public Sigmas beginningAt(double sigma) {
        if (levels.length == 0) {
            throw new IllegalArgumentException("there are no sigmas whose first could be set");
        }
        float[] changed = levels.clone();
        changed[0] = (float) sigma;
        return new Sigmas(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sigmas that && Arrays.equals(levels, that.levels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(levels);
    }

    @Override
    public String toString() {
        return Arrays.toString(levels);
    }
}
