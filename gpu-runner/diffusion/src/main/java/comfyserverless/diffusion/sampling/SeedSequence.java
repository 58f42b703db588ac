package comfyserverless.diffusion.sampling;

import java.util.Arrays;

/// numpy's `SeedSequence`: spreads a few words of entropy over as many independent seeds as wanted.
final class SeedSequence {

    private static final int INIT_A = 0x43b0d7e5;
    private static final int MULT_A = 0x931e8875;
    private static final int INIT_B = 0x8b51f9dd;
    private static final int MULT_B = 0x58f38ded;
    private static final int MIX_LEFT = 0xca01f9dd;
    private static final int MIX_RIGHT = 0x4973f715;
    private static final int SHIFT = 16;

    private final int[] pool;
    private int hash = INIT_A;

    /// @param entropy a seed, unsigned
    /// @param poolSize words of state
    /// @param spawnKey the place in a tree of sequences; empty for its root
    SeedSequence(long entropy, int poolSize, long... spawnKey) {
        int[] words = words(entropy);
        if (spawnKey.length > 0) {
            words = Arrays.copyOf(words, Math.max(words.length, poolSize));
            for (long key : spawnKey) {
                words = append(words, words(key));
            }
        }
        pool = new int[poolSize];
        for (int i = 0; i < poolSize; i++) {
            pool[i] = hash(i < words.length ? words[i] : 0);
        }
        for (int from = 0; from < poolSize; from++) {
            for (int to = 0; to < poolSize; to++) {
                if (from != to) {
                    pool[to] = mix(pool[to], hash(pool[from]));
                }
            }
        }
        for (int from = poolSize; from < words.length; from++) {
            for (int to = 0; to < poolSize; to++) {
                pool[to] = mix(pool[to], hash(words[from]));
            }
        }
    }

    /// The first `count` seeds, each 32 bits.
    long[] generate(int count) {
        long[] out = new long[count];
        int constant = INIT_B;
        for (int i = 0; i < count; i++) {
            int value = pool[i % pool.length] ^ constant;
            constant *= MULT_B;
            value *= constant;
            out[i] = Integer.toUnsignedLong(value ^ (value >>> SHIFT));
        }
        return out;
    }

    private int hash(int word) {
        int value = word ^ hash;
        hash *= MULT_A;
        value *= hash;
        return value ^ (value >>> SHIFT);
    }

    private static int mix(int x, int y) {
        int value = MIX_LEFT * x - MIX_RIGHT * y;
        return value ^ (value >>> SHIFT);
    }

    private static int[] words(long value) {
        int high = (int) (value >>> 32);
        return high == 0 ? new int[] {(int) value} : new int[] {(int) value, high};
    }

    private static int[] append(int[] words, int[] more) {
        int[] out = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, out, words.length, more.length);
        return out;
    }
}
