package comfyserverless.diffusion.sampling;

/// The beta distribution's quantiles, to about 1e-12.
final class BetaDistribution {

    private static final double[] LANCZOS = {
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };
    private static final double TINY = 1e-300;
    private static final int TERMS = 500;

    private BetaDistribution() {}

    /// The x in [0, 1] below which a share `p` of the distribution lies.
    static double quantile(double p, double alpha, double beta) {
        if (p <= 0 || p >= 1) {
            return p <= 0 ? 0 : 1;
        }
        double low = 0;
        double high = 1;
        while (high - low > 1e-14) {
            double middle = (low + high) / 2;
            if (cumulative(middle, alpha, beta) < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /// The regularised incomplete beta function.
    static double cumulative(double x, double alpha, double beta) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        double front =
                Math.exp(
                        logGamma(alpha + beta)
                                - logGamma(alpha)
                                - logGamma(beta)
                                + alpha * Math.log(x)
                                + beta * Math.log1p(-x));
        return x < (alpha + 1) / (alpha + beta + 2)
                ? front * fraction(x, alpha, beta) / alpha
                : 1 - front * fraction(1 - x, beta, alpha) / beta;
    }

    /// The continued fraction of the incomplete beta function, by Lentz's method.
    private static double fraction(double x, double a, double b) {
        double c = 1;
        double d = 1 / away(1 - (a + b) * x / (a + 1));
        double product = d;
        for (int m = 1; m <= TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            product *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            product *= d * c;
            if (Math.abs(d * c - 1) < 1e-15) {
                return product;
            }
        }
        return product;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    private static double logGamma(double x) {
        double sum = 0.9999999999998099;
        for (int i = 0; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x + i);
        }
        double t = x + LANCZOS.length - 1.5;
        return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
    }
}
