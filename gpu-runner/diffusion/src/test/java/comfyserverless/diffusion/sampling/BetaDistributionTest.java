package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;

class BetaDistributionTest {

    @Test
    void with_both_parameters_one_it_is_uniform() {
        assertThat(BetaDistribution.cumulative(0.3, 1, 1)).isCloseTo(0.3, offset(1e-13));
    }

    @Test
    void known_values_are_met() {
        assertThat(BetaDistribution.cumulative(0.5, 0.6, 0.6)).isCloseTo(0.5, offset(1e-13));
        assertThat(BetaDistribution.cumulative(0.25, 2, 3)).isCloseTo(0.26171875, offset(1e-13));
        assertThat(BetaDistribution.cumulative(0.1, 0.5, 0.5))
                .isCloseTo(2 / Math.PI * Math.asin(Math.sqrt(0.1)), offset(1e-13));
    }

    @Test
    void quantiles_invert_the_distribution() {
        for (double p = 0.01; p < 1; p += 0.07) {
            double x = BetaDistribution.quantile(p, 0.6, 0.6);
            assertThat(BetaDistribution.cumulative(x, 0.6, 0.6)).isCloseTo(p, offset(1e-11));
        }
        assertThat(BetaDistribution.quantile(1, 0.6, 0.6)).isEqualTo(1);
    }
}
