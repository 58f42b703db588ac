package comfyserverless.diffusion.sampling;

/// PyTorch's CPU generator (mt19937) and its uniform numbers. Only the low 32 bits of a seed count, as there.
final class MersenneTwister {

    private static final int N = 624;
    private static final int M = 397;

    private final int[] state = new int[N];
    private int next = N;

    MersenneTwister(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /// 32 random bits.
    int nextInt() {
        if (next == N) {
            twist();
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >>> 18);
    }

    /// Uniform in [0, 1) with 24 bits.
    float nextFloat() {
        return (nextInt() & 0xFFFFFF) * 0x1p-24f;
    }

    /// Uniform in [0, 1) with 53 bits; takes two numbers, the high half first.
    double nextDouble() {
        long high = nextInt();
        long low = nextInt() & 0xFFFFFFFFL;
        return (((high << 32) | low) & ((1L << 53) - 1)) * 0x1p-53;
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7FFFFFFF);
            state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
    }
}
