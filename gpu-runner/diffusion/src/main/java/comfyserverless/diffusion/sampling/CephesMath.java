package comfyserverless.diffusion.sampling;

/// Single-precision log, sin and cos by the polynomials of the Cephes library, in the order of operations (and with
/// the fused multiply-adds) of the vector code PyTorch uses for random numbers, so that every bit agrees.
@SuppressWarnings("FloatingPointLiteralPrecision") // the constants as Cephes prints them
final class CephesMath {

    private static final float[] LOG = {
        7.0376836292e-2f,
        -1.1514610310e-1f,
        1.1676998740e-1f,
        -1.2420140846e-1f,
        1.4249322787e-1f,
        -1.6668057665e-1f,
        2.0000714765e-1f,
        -2.4999993993e-1f,
        3.3333331174e-1f
    };
    private static final float LOG_LOW = -2.12194440e-4f;
    private static final float LOG_HIGH = 0.693359375f;
    private static final float SQRT_HALF = 0.707106781186547524f;
    private static final float FOUR_OVER_PI = 1.27323954473516f;

    private CephesMath() {}

    /// Natural logarithm of a positive normal number.
    static float log(float value) {
        int bits = Float.floatToRawIntBits(value);
        float exponent = (bits >>> 23) - 0x7e;
        float x = Float.intBitsToFloat((bits & ~0x7f800000) | Float.floatToRawIntBits(0.5f));
        if (x < SQRT_HALF) {
            exponent = exponent - 1f;
            x = (x - 1f) + x;
        } else {
            x = x - 1f;
        }
        float z = x * x;
        float y = LOG[0];
        for (int i = 1; i < LOG.length; i++) {
            y = Math.fma(y, x, LOG[i]);
        }
        y = Math.fma(y * x, z, exponent * LOG_LOW);
        y = Math.fma(-z, 0.5f, y);
        return Math.fma(exponent, LOG_HIGH, x + y);
    }

    /// Sine of an angle ≥ 0.
    static float sin(float angle) {
        int octant = octant(angle);
        float x = reduce(angle, octant);
        float y = (octant & 2) == 0 ? sinPolynomial(x) : cosPolynomial(x);
        return (octant & 4) == 0 ? y : -y;
    }

    /// Cosine of an angle ≥ 0.
    static float cos(float angle) {
        int octant = octant(angle);
        float x = reduce(angle, octant);
        float y = (octant & 2) == 0 ? cosPolynomial(x) : sinPolynomial(x);
        return ((octant - 2) & 4) != 0 ? y : -y;
    }

    private static int octant(float angle) {
        return ((int) (angle * FOUR_OVER_PI) + 1) & ~1;
    }

    /// Takes a multiple of π/4 off in three parts, each shorter than the last, to keep all bits.
    private static float reduce(float angle, float octant) {
        float x = Math.fma(octant, -0.78515625f, angle);
        x = Math.fma(octant, -2.4187564849853515625e-4f, x);
        return Math.fma(octant, -3.77489497744594108e-8f, x);
    }

    private static float cosPolynomial(float x) {
        float z = x * x;
        float y = Math.fma(2.443315711809948e-5f, z, -1.388731625493765e-3f);
        y = Math.fma(y, z, 4.166664568298827e-2f);
        return Math.fma(y * z, z, -(z * 0.5f)) + 1f;
    }

    private static float sinPolynomial(float x) {
        float z = x * x;
        float y = Math.fma(-1.9515295891e-4f, z, 8.3321608736e-3f);
        y = Math.fma(y, z, -1.6666654611e-1f);
        return Math.fma(y * z, x, x);
    }
}
